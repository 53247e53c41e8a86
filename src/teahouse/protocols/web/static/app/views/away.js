/** The switch of notifications while no page is open. Rule: it says what it does, or why it cannot. */
import { h } from '../dom.js';

const WHAT = 'Private messages, lines with your nick, invitations. You stay in your rooms meanwhile.';

/** @param {import('../push.js').Push} push */
export function awaySwitch(push) {
  const hint = h('p.hint', { id: 'away-hint', role: 'status' }, push.obstacle || WHAT);
  const box = h('input', { type: 'checkbox', checked: push.on, disabled: Boolean(push.obstacle), 'aria-describedby': 'away-hint', on: { change: turn } });
  const say = (text) => { hint.textContent = text; };

  async function turn() {
    const wanted = box.checked;
    box.disabled = true;
    say('One moment…');
    try {
      await (wanted ? push.subscribe() : push.unsubscribe());
      say(wanted ? 'You are notified here from now on.' : 'You are notified here no more.');
    } catch (error) {
      say(error.name === 'AbortError' ? 'Your browser cannot reach its push service.' : error.message);
    }
    box.checked = push.on;
    box.disabled = false;
  }

  return [h('label.check', {}, box, h('span', {}, 'Notify me on this device when I am away')), hint];
}
