/**
 * Finishing what someone has begun to type. Rule: pure: text and caret in, text and caret out.
 *
 * @typedef {{value: string, label: string, note: string}} Choice
 * @typedef {{from: number, to: number, choices: Choice[]}} Offer
 * @typedef {{name: string, usage: string, help: string, aliases?: string[]}} CommandInfo
 */
import { emojiLike } from './emoji.js';
import { fold } from './text.js';

/** What can be offered at the caret: commands after "/", emoji after ":". @returns {Offer|null} */
export function offer(text, caret, commands) {
  const head = text.slice(0, caret);
  const command = /^\/([\p{L}\p{N}_-]*)$/u.exec(head);
  if (command) return some(0, caret, commandsLike(commands, command[1]));
  const emoji = /(?:^|\s):([a-z0-9_+-]{2,})$/iu.exec(head);
  if (!emoji) return null;
  const found = emojiLike(emoji[1].toLowerCase());
  return some(caret - emoji[1].length - 1, caret, found.map(({ name, sign }) => ({
    value: `${sign} `, label: `${sign} :${name}:`, note: '',
  })));
}

const some = (from, to, choices) => (choices.length ? { from, to, choices } : null);

/** Commands that begin like this, by name or alias. @param {CommandInfo[]} commands @param {string} begun */
export function commandsLike(commands, begun) {
  const folded = fold(begun);
  return commands
    .filter(({ name, aliases }) => [name, ...(aliases ?? [])].some((each) => each.startsWith(folded)))
    .sort((a, b) => Number(b.name.startsWith(folded)) - Number(a.name.startsWith(folded)) || (a.name < b.name ? -1 : 1))
    .slice(0, 10)
    .map(({ name, usage, help }) => ({ value: `/${name} `, label: plainUsage(usage) || `/${name}`, note: help.split('\n')[0] }));
}

/** Usage as people read it: "/ban <who> [time and reason]". @param {string} [usage] */
export const plainUsage = (usage = '') => usage.replace(/^(?=[^/])/u, '/').replace(/[<\[][^>\]]*[>\]]/gu, (part) => part.replaceAll('_', ' ').replaceAll('|', ' or '));

/** The text with a choice in its place. @param {string} text @param {Offer} made @param {Choice} choice */
export function accept(text, made, choice) {
  const rest = text.slice(made.to);
  const value = rest.startsWith(' ') ? choice.value.trimEnd() : choice.value;
  return { text: text.slice(0, made.from) + value + rest, caret: made.from + value.length };
}

/**
 * The next nick for Tab: `again` is what the last Tab gave back, so that one goes round.
 * @param {string} text @param {number} caret @param {string[]} nicks the likeliest first
 */
export function completeNick(text, caret, nicks, again = null, step = 1) {
  const from = again?.caret === caret && again.text === text ? again.from : wordStart(text, caret);
  const begun = again?.from === from && again.text === text ? again.begun : text.slice(from, caret);
  const at = begun.startsWith('@') ? 1 : 0;
  const found = nicks.filter((nick) => fold(nick).startsWith(fold(begun.slice(at))));
  if (!found.length || begun.length === at) return null;
  const repeated = again?.from === from && again.text === text;
  const index = repeated ? (again.index + step + found.length) % found.length : step > 0 ? 0 : found.length - 1;
  const rest = text.slice(caret);
  const tail = from === 0 && !at ? ': ' : ' ';
  const value = begun.slice(0, at) + found[index] + (rest.startsWith(' ') ? '' : tail);
  return { text: text.slice(0, from) + value + rest, caret: from + value.length, from, begun, index };
}

/** The beginning of a nick that stands before the caret. */
export const begunNick = (text, caret) => text.slice(wordStart(text, caret), caret).replace(/^@/u, '');

const wordStart = (text, caret) => text.slice(0, caret).search(/\S*$/u);

/** What an entered text asks for. @param {string} text @returns {{kind: 'say'|'line'|'nothing', text: string}} */
export function readInput(text) {
  if (!text.trim()) return { kind: 'nothing', text: '' };
  if (text.startsWith('//')) return { kind: 'say', text: text.slice(1) };
  if (/^\/\S/u.test(text)) return { kind: 'line', text: text.trimEnd() };
  return { kind: 'say', text: text.trimEnd() };
}
