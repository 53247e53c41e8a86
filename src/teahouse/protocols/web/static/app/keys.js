/** Keys that work everywhere. Rule: none of them is needed; each does what a button does too, and `?` lists them. */
import { isField } from './a11y.js';
import { ordered } from './state.js';

/** What the help shows. */
export const KEYS = [
  ['Alt + ↑ / ↓', 'the room before or after this one'],
  ['Alt + Shift + ↑ / ↓', 'the next one with something unread'],
  ['Ctrl + K', 'go to a room, or make one'],
  ['Ctrl + Shift + F', 'search what was said'],
  ['F6', 'on to the next part of the page'],
  ['Tab, while writing', 'finish a nick; again for the next one'],
  ['Enter · Shift + Enter', 'send · a new line'],
  ['↑, in an empty field', 'correct your last line'],
  ['↑ / ↓, in the conversation', 'from line to line; R replies, E corrects, + reacts, Delete takes back'],
  ['Esc', 'back to writing; closes what is open'],
  ['?', 'this help'],
];

/** @param {import('./house.js').House} house @param {Record<string, () => void>} does what keys call */
export function listen(house, does) {
  document.addEventListener('keydown', (event) => {
    if (house.state.phase !== 'in' || document.querySelector('dialog[open]')) return;
    const name = nameOf(event);
    if (name === '?' && isField(event.target)) return;
    if (does[name]) {
      event.preventDefault();
      does[name]();
    } else if (!isField(event.target) && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey && isText(event)) {
      does.write();
    }
  });
}

/** Letters that begin a message, wherever one is; those that lines and buttons understand are theirs. */
const isText = ({ target, key }) => !target.closest?.('button, [role="log"], summary, a') && key !== ' ' && key !== '?';

function nameOf(event) {
  const { key, altKey, shiftKey } = event;
  const control = event.ctrlKey || event.metaKey;
  if (altKey && (key === 'ArrowUp' || key === 'ArrowDown')) return `${shiftKey ? 'unread' : 'place'}${key.slice(5)}`;
  if (control && !shiftKey && key.toLowerCase() === 'k') return 'go';
  if (control && shiftKey && key.toLowerCase() === 'f') return 'search';
  return key === 'F6' || key === '?' || key === 'Escape' ? key : '';
}

/** Go up or down in the list of places. @param {import('./house.js').House} house */
export function step(house, by, unread = false) {
  const all = ordered(house.state);
  const at = all.findIndex(({ key }) => key === house.state.current);
  for (let far = 1; far <= all.length; far += 1) {
    const next = all[(at + by * far + all.length * 2) % all.length];
    if (next && (!unread || next.unread || next.last > next.read)) return house.open(next.key);
  }
  return undefined;
}
