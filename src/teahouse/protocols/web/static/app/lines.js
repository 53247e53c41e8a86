/**
 * The lines of one place, and the rows they make. Rule: pure; lines are ordered by id and each id is there once.
 *
 * @typedef {{id: number, at: string, kind: string, who: string, text: string, own?: boolean, replyTo?: number,
 *   edited?: boolean, gone?: string, bot?: boolean, notice?: boolean, event?: object}} Line
 * @typedef {{key: string, kind: 'day'|'unread'|'line'|'presence', line?: Line, lines?: Line[], head?: boolean,
 *   signs?: object, quoted?: Line|null, day?: string}} Row
 */
import { fold, record } from './text.js';

/** Lines that are kept, and so shown, of one place at a time. */
export const MOST = 400;
const GROUP_MS = 5 * 60_000;

/** Two ordered lists as one; of a line that is in both, the new one counts. @param {Line[]} old @param {Line[]} fresh */
export function merge(old, fresh) {
  if (!fresh.length) return old;
  if (!old.length || fresh[0].id > old[old.length - 1].id) return [...old, ...fresh];
  const all = new Map(old.map((line) => [line.id, line]));
  for (const line of fresh) {
    const known = all.get(line.id);
    all.set(line.id, known && (known.edited || known.gone) ? known : line);
  }
  return [...all.values()].sort((a, b) => a.id - b.id);
}

/** Signs put to lines: target → sign → who → the id that said so, negative where it was taken back. */
export function withSign(signs, { target, sign, who, id, gone }) {
  const of = signs[target] ?? record();
  const by = of[sign] ?? record();
  if (Math.abs(by[fold(who)]?.id ?? 0) > id) return signs;
  return { ...signs, [target]: record(of, { [sign]: record(by, { [fold(who)]: { id, who, gone: Boolean(gone) } }) }) };
}

/** The signs of a line as they are shown. @returns {{sign: string, who: string[]}[]} */
export function signsOf(signs) {
  return Object.entries(signs ?? {})
    .map(([sign, by]) => ({ sign, who: Object.values(by).filter((each) => !each.gone).map((each) => each.who) }))
    .filter(({ who }) => who.length);
}

/** The day of a moment where the reader is, as a key. @param {string} at */
export function dayOf(at) {
  const date = new Date(at);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}

/**
 * What is shown, from top to bottom: days, the line where the unread begins, groups.
 * @param {Line[]} lines @param {object} signs @param {number} mark nothing after this id was read before; 0: no mark
 * @param {boolean} [comings] whether to show who comes and goes
 * @returns {Row[]}
 */
export function rowsOf(lines, signs, mark, comings = true) {
  const rows = [];
  const byId = new Map(lines.map((line) => [line.id, line]));
  let day = '', before = null, marked = !mark;
  for (const line of lines) {
    if (line.kind === 'presence' && !comings) continue;
    const today = dayOf(line.at);
    if (today !== day) {
      rows.push({ key: `day-${today}`, kind: 'day', day: line.at });
      day = today;
      before = null;
    }
    if (!marked && line.id > mark && !line.own && line.kind !== 'presence') {
      rows.push({ key: 'unread', kind: 'unread' });
      marked = true;
      before = null;
    }
    if (line.kind === 'presence') {
      const last = rows.at(-1);
      if (last?.kind === 'presence' && last.lines.length < 12) last.lines.push(line);
      else rows.push({ key: `p-${line.id}`, kind: 'presence', lines: [line] });
    } else {
      const quoted = line.replyTo ? (byId.get(line.replyTo) ?? null) : undefined;
      rows.push({ key: `l-${line.id}`, kind: 'line', line, head: !follows(line, before), signs: signs[line.id], quoted });
    }
    before = line;
  }
  return rows;
}

/** Whether a line is shown without its sender's name again. */
export function follows(line, before) {
  return Boolean(before) && line.kind === 'said' && before.kind === 'said' && !line.replyTo
    && fold(line.who) === fold(before.who) && Boolean(line.notice) === Boolean(before.notice)
    && Date.parse(line.at) - Date.parse(before.at) < GROUP_MS;
}

/** Whether two rows look the same. @param {Row} a @param {Row} b */
export function sameRow(a, b) {
  return a.kind === b.kind && a.line === b.line && a.head === b.head && a.signs === b.signs && a.quoted === b.quoted
    && (a.lines?.length ?? 0) === (b.lines?.length ?? 0);
}

/** How many lines of others come after an id. @param {Line[]} lines @param {number} read */
export function unreadAfter(lines, read) {
  let count = 0;
  for (let at = lines.length - 1; at >= 0 && lines[at].id > read; at -= 1) {
    if (isWords(lines[at]) && !lines[at].own && !lines[at].gone) count += 1;
  }
  return count;
}

/** Whether somebody said it. @param {Line} line */
export const isWords = (line) => line.kind === 'said' || line.kind === 'emoted';
