/** Keys that work everywhere. Rule: none of them is needed; each does what a button does too, and `?` lists them. */
import { isField } from './a11y.js';
import { ordered } from './state.js';

/** What the help shows: heading → keys (those of one chord with spaces between) and what they do. */
export const KEYS = {
  Anywhere: [
    [['Ctrl K'], 'Go to a room, or make one'],
    [['Ctrl Shift F'], 'Search what was said'],
    [['Alt ↑', 'Alt ↓'], 'The room before, or after this one'],
    [['Alt Shift ↑', 'Alt Shift ↓'], 'The next one with something unread'],
    [['F6'], 'On to the next part of the page'],
    [['Esc'], 'Close what is open, and back to writing'],
    [['?'], 'This help (not while writing)'],
  ],
  'While writing': [
    [['Enter'], 'Send'],
    [['Shift Enter'], 'A new line'],
    [['Tab'], 'Finish a nick; again for the next one'],
    [['↑'], 'Correct your last line, if the field is empty'],
  ],
  'In the conversation': [
    [['↑', '↓'], 'From line to line'],
    [['R'], 'Reply'],
    [['+'], 'React'],
    [['E'], 'Correct a line of yours'],
    [['Delete'], 'Take it back, or remove it'],
    [['L'], 'Copy a link to it'],
    [['P'], 'The person who said it'],
  ],
};

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
