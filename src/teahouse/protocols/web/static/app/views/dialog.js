/** Dialogs. Rule: a native <dialog> with a title; Esc and the cross close it, and the focus goes back where it was. */
import { fill, h, icon, iconButton } from '../dom.js';

/** @param {string} title @param {{kind?: string}} [more] @param {...any} content @returns {HTMLDialogElement} */
export function openDialog(title, { kind = 'sheet', closed } = {}, ...content) {
  const id = `title-${Date.now()}`;
  const before = document.activeElement;
  const dialog = h(`dialog.${kind}`, { 'aria-labelledby': id }, h('div.dialog-head', {}, h('h2', { id }, title), iconButton('close', 'Close', () => dialog.close())),
    h('div.dialog-body', { tabindex: '0' }, content));
  dialog.addEventListener('close', () => {
    dialog.remove();
    closed?.();
    const there = before instanceof HTMLElement && before.isConnected && before.checkVisibility();
    const next = there ? before : matchMedia('(min-width: 700px)').matches ? document.getElementById('write') : null;
    next?.blur(); // Chromium gives the focus back without the caret where the field has changed meanwhile
    next?.focus();
  });
  dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector('[autofocus]')?.focus();
  return dialog;
}

/** A labelled field. */
export function field(label, input, hint = '') {
  return h('label.field-row', {}, h('span', {}, label), input, hint && h('small', {}, hint));
}

/** Ask for a few values. Resolves to nothing if it is closed. @returns {Promise<FormData|null>} */
export function ask(title, { text = '', fields = [], go = 'OK', danger = false, check = null } = {}) {
  return new Promise((resolve) => {
    let answer = null;
    const problem = h('p.problem', { role: 'alert' });
    const button = h(`button.${danger ? 'danger' : 'primary'}`, { type: 'submit' }, go);
    const form = h('form', { on: { submit } }, text && h('p', {}, text), fields, problem, h('div.buttons', {},
      h('button.plain', { type: 'button', on: { click: () => dialog.close() } }, 'Cancel'), button));
    const dialog = openDialog(title, { kind: 'ask', closed: () => resolve(answer) }, form);
    async function submit(event) {
      event.preventDefault();
      const values = new FormData(form);
      button.disabled = true;
      try {
        await check?.(values);
        answer = values;
        dialog.close();
      } catch (error) {
        fill(problem, icon('warn'), error.message);
        button.disabled = false;
      }
    }
  });
}
