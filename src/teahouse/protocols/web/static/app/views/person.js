/** One person, and what can be done about them. Rule: what one may not do is not offered; the house decides anyway. */
import { face, h } from '../dom.js';
import { rank, roleIn } from '../state.js';
import { clean, colourOf, fold } from '../text.js';
import { ask, field, openDialog } from './dialog.js';

const TIMES = [['10m', '10 minutes'], ['1h', '1 hour'], ['1d', '1 day'], ['1w', '1 week'], ['', 'Until it is lifted']];

/** A nick or word that may stand in a command line: one word, no line ends. */
export const word = (text) => clean(text).replace(/\s+/gu, ' ').trim();

/** Someone of whom one knows nothing yet, in a room with many. */
async function inCrowd(house, place, nick) {
  if (place?.whole !== false) return undefined;
  const found = await house.membersLike(place.key, nick, 1).catch(() => []);
  return found.find((each) => fold(each.nick) === fold(nick));
}

/** @param {import('../house.js').House} house @param {string} nick @param {(text: string) => void} insert */
export async function personDialog(house, nick, insert) {
  const key = house.state.current;
  const place = house.state.places[key];
  const member = place?.members[fold(nick)] ?? (await inCrowd(house, place, nick));
  const self = fold(nick) === fold(house.state.me.nick);
  const mine = rank(roleIn(house.state, place));
  const keeper = place?.kind === 'room' && mine >= rank('operator');
  const line = (text) => { dialog.close(); void house.line(key, text); };
  const button = (text, press, kind = 'plain') => h(`button.${kind}`, { type: 'button', on: { click: press } }, text);
  const then = (does) => () => { dialog.close(); does(); };
  const facts = [member?.role, member?.bot && 'a program', member?.account && `account ${clean(member.account)}`, place?.kind === 'room' && !member && 'not here now'].filter(Boolean);

  const common = self ? [] : [
    button('Message', then(() => house.talk(nick)), 'primary'),
    place?.kind === 'room' && button('Mention', then(() => insert(`${nick} `))),
    button('Who is that?', () => line(`/whois ${word(nick)}`)),
    button('Ignore', () => line(`/ignore ${word(nick)}`)),
    button('Report…', then(() => reasoned('Report', 'Those who keep order are told, with the last lines.', `/report ${word(nick)}`, true))),
  ];
  const order = keeper && !self ? [
    h('h3', {}, 'Keeping order'),
    button('Kick…', then(() => reasoned('Kick', 'Out of this room; they can come back.', `/kick ${word(nick)}`)), 'danger'),
    button('Mute…', then(() => timed('Mute', 'They may listen, and not talk.', `/mute ${word(nick)}`)), 'danger'),
    button('Ban…', then(() => timed('Ban', 'Out of this room, and not in again.', `/ban ${word(nick)}`)), 'danger'),
    member?.role === 'voice' ? button('Take the voice', () => line(`/devoice ${word(nick)}`)) : button('Give a voice', () => line(`/voice ${word(nick)}`)),
    member?.role === 'operator' ? button('Take operator', () => line(`/deop ${word(nick)}`)) : button('Make operator', () => line(`/op ${word(nick)}`)),
    button('Remove last line', () => line(`/redact ${word(nick)}`)),
  ] : [];
  const dialog = openDialog(nick, { kind: 'person' },
    h('div.facts', {}, face(nick, colourOf(nick)), h('div', {}, h('p', {}, self ? 'That is you.' : facts.join(' · ') || 'a guest'), member?.away && h('p.hint', {}, `away: ${clean(member.away)}`))),
    h('div.actions', {}, common, order));

  function reasoned(name, text, command, needed = false) {
    const reason = h('input', { name: 'reason', autofocus: true, maxlength: '200', required: needed, autocomplete: 'off' });
    return ask(`${name} ${nick}`, { text, fields: [field(needed ? 'Why' : 'Reason (everyone sees it)', reason)], go: name, danger: true })
      .then((values) => values && house.line(key, `${command} ${word(values.get('reason'))}`.trim()));
  }

  function timed(name, text, command) {
    const time = h('select', { name: 'time', autofocus: true }, TIMES.map(([value, words]) => h('option', { value }, words)));
    const reason = h('input', { name: 'reason', maxlength: '200', autocomplete: 'off' });
    return ask(`${name} ${nick}`, { text, fields: [field('For how long', time), field('Reason (everyone sees it)', reason)], go: name, danger: true })
      .then((values) => values && house.line(key, `${command} ${values.get('time')} ${word(values.get('reason'))}`.replace(/ +/gu, ' ').trim()));
  }
}
