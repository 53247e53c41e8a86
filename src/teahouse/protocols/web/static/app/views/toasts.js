/** What went wrong, for a moment, over the page. Rule: it is told aloud, stays while one looks at it, and is never the only way to something. */
import { h, icon, iconButton } from '../dom.js';

const STAYS_MS = 7000;
const MOST = 3;

/** @param {import('../house.js').House} house */
export function toastsView(house) {
  const list = h('div.toasts', { role: 'alert' });

  function show(text, kind = 'warn') {
    const toast = h(`div.toast.${kind}`, {}, icon(kind === 'done' ? 'check' : 'warn'), h('p', {}, text), iconButton('close', 'Dismiss', () => toast.remove()));
    let timer = setTimeout(() => toast.remove(), STAYS_MS);
    const stay = () => clearTimeout(timer);
    const go = () => { stay(); timer = setTimeout(() => toast.remove(), STAYS_MS / 2); };
    for (const name of ['pointerenter', 'focusin']) toast.addEventListener(name, stay);
    for (const name of ['pointerleave', 'focusout']) toast.addEventListener(name, go);
    list.append(toast);
    while (list.children.length > MOST) list.firstChild.remove();
  }

  house.on('notice', show);
  return list;
}
