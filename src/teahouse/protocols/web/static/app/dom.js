/**
 * Making elements. Rule: text is set as text and addresses are checked; there is no way from a string to markup here,
 * and none elsewhere.
 */
import { safeUrl } from './text.js';

const FORBIDDEN = /^(?:on|style$|srcdoc$|innerhtml$|outerhtml$)/iu;

/**
 * @param {string} tag with classes, as "li.room.is-open"
 * @param {Record<string, any>} [props] attributes; `on` is an object of listeners, `data` of data attributes
 * @param {...(Node|string|number|null|undefined|false|Array)} children
 */
export function h(tag, props = {}, ...children) {
  const [name, ...classes] = tag.split('.');
  const element = document.createElement(name);
  if (classes.length) element.className = classes.join(' ');
  for (const [key, value] of Object.entries(props)) put(element, key, value);
  add(element, children);
  return element;
}

function put(element, key, value) {
  if (value === undefined || value === null || value === false) return;
  if (key === 'on') for (const [name, listener] of Object.entries(value)) element.addEventListener(name, listener);
  else if (key === 'data') Object.assign(element.dataset, value);
  else if (FORBIDDEN.test(key)) throw new TypeError(`an element's ${key} is not set here`);
  else if (key === 'href') element.setAttribute('href', value.startsWith('#') ? value : safeUrl(value) || '#');
  else if (key === 'value' || key === 'checked') element[key] = value;
  else element.setAttribute(key, value === true ? '' : String(value));
}

function add(element, children) {
  for (const child of children.flat(3)) {
    if (child !== null && child !== undefined && child !== false) element.append(child);
  }
}

/** Other children in the place of those that are there. */
export function fill(element, ...children) {
  element.replaceChildren();
  add(element, children);
}

/** An icon: decoration only. @param {string} name */
export const icon = (name) => h(`span.icon.icon-${name}`, { 'aria-hidden': 'true' });

/** A button with an icon and a name for those who do not see it. */
export function iconButton(name, label, press, more = {}) {
  return h('button.tool', { type: 'button', 'aria-label': label, title: label, on: { click: press }, ...more }, icon(name));
}

/** An element of the page. @param {string} id */
export const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** The first letter of a name, in its colour. */
export function face(nick, colour) {
  return h(`span.face.nick-${colour}`, { 'aria-hidden': 'true' }, [...nick][0]?.toUpperCase() ?? '?');
}
