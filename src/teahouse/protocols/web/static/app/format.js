/** Times and counts as people read them. Rule: pure, but for the reader's own locale and time zone. */
import { dayOf } from './lines.js';

const clock = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });
const days = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
const years = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' });
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });
const shortDay = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });

export const timeOf = (at) => clock.format(new Date(at));
export const momentOf = (at) => whole.format(new Date(at));

/** A day in words. @param {string} at @param {Date} [now] */
export function dayName(at, now = new Date()) {
  const key = dayOf(at);
  const yesterday = new Date(now);
  yesterday.setDate(now.getDate() - 1);
  if (key === dayOf(now.toISOString())) return 'Today';
  if (key === dayOf(yesterday.toISOString())) return 'Yesterday';
  const date = new Date(at);
  return (date.getFullYear() === now.getFullYear() ? days : years).format(date);
}

/** A moment, short: the time today, else the day too. @param {string} at */
export function shortMoment(at, now = new Date()) {
  return dayOf(at) === dayOf(now.toISOString()) ? timeOf(at) : `${shortDay.format(new Date(at))}, ${timeOf(at)}`;
}

/** At most "99+". @param {number} count */
export const few = (count) => (count > 99 ? '99+' : String(count));

/** Names as a list in words, the rest counted. @param {string[]} names @param {number} [most] */
export function list(names, most = 4) {
  const shown = names.slice(0, names.length > most ? most - 1 : most);
  const rest = names.length - shown.length;
  if (rest) shown.push(`${rest} others`);
  if (shown.length < 2) return shown.join('');
  return `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}
