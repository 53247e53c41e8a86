/** How the connection is. Rule: calm; it says what happens to one's words, and nothing at all while all is well. */
import { fill, h, icon } from '../dom.js';

/** @param {import('../house.js').House} house */
export function statusView(house) {
  const bar = h('div.status', { role: 'status', hidden: true });
  let timer = 0;
  let shown = false;
  const show = (kind, ...content) => {
    shown = kind !== 'back';
    bar.hidden = false;
    bar.dataset.kind = kind;
    fill(bar, content);
  };
  const lost = () => show('lost', icon('clock'), h('span', {}, 'The connection is lost. What you write waits here and goes out when it is back.'),
    h('button.plain', { type: 'button', on: { click: () => house.connection.hurry() } }, 'Try now'));
  house.store.watch((state) => [state.status, state.phase], (status, phase) => {
    clearTimeout(timer);
    if (phase === 'signin') bar.hidden = true;
    else if (status === 'lost' && phase === 'starting') show('lost', icon('clock'), h('span', {}, 'The house cannot be reached just now. Trying again…'));
    else if (status === 'lost') timer = setTimeout(lost, shown ? 0 : 1200);
    else if (status === 'open' && shown) {
      show('back', icon('check'), h('span', {}, 'Connected again. Nothing was lost.'));
      timer = setTimeout(() => { bar.hidden = true; }, 4000);
    } else if (status === 'open') bar.hidden = true;
  });
  return bar;
}
