/** Pieces of the page. Rule: what people have said is set as text, always; a form tells what it wants and nothing more. */
import { fill, h } from '../app/dom.js';
import { momentOf, shortMoment } from '../app/format.js';

let made = 0;

/** A field with its label. @param {string} name of the value @param {object} [more] attributes */
export function field(name, label, more = {}, kind = '') {
  const id = `field-${(made += 1)}`;
  return h(kind ? `div.${kind}` : 'div', {}, h('label', { for: id }, label), h('input', { id, name, type: 'text', autocomplete: 'off', ...more }));
}

/** @param {Array<[string, string]>} options value and label */
export function choice(name, label, options) {
  const id = `field-${(made += 1)}`;
  return h('div', {}, h('label', { for: id }, label),
    h('select', { id, name }, options.map(([value, text]) => h('option', { value }, text))));
}

export const button = (label, press, kind = 'quiet', more = {}) => h(`button.${kind}`, { type: 'button', on: { click: press }, ...more }, label);

/** A form whose values are given to `send`. It cannot be sent twice at once. */
export function form(tag, send, ...children) {
  const element = h(tag, { on: { submit: async (event) => {
    event.preventDefault();
    const buttons = [...element.querySelectorAll('button')];
    for (const each of buttons) each.disabled = true;
    try {
      await send(Object.fromEntries(new FormData(element, event.submitter)), element, event.submitter?.value ?? '');
    } finally {
      for (const each of buttons) each.disabled = false;
    }
  } } }, ...children);
  return element;
}

/** A part of the page with a heading that can be jumped to. */
export function panel(title, kind = 'panel') {
  const number = h('span.number', {});
  const heading = h('h2', { tabindex: -1 }, title, number);
  const body = h('div', {});
  let shown = '';
  return {
    element: h(`section.${kind}`, {}, heading, body),
    heading,
    body,
    count(value, waits = false) {
      number.textContent = String(value);
      number.classList.toggle('waits', waits && value > 0);
    },
    /** Another content, if it is another one: nobody loses the place where they type. */
    show(values, make) {
      const now = JSON.stringify(values);
      if (now === shown) return;
      shown = now;
      fill(body, make(values));
    },
  };
}

export const when = (at) => h('time', { datetime: at, title: momentOf(at) }, shortMoment(at));
export const until = (at) => (at ? h('span.kind', { title: momentOf(at) }, `until ${shortMoment(at)}`) : null);
