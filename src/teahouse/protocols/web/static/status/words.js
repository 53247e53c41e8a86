/** Numbers as people read them. Rule: pure; `keeping/words.py` and `text/sizes.py` say the same of the same numbers. */

const UNITS = [['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]];
const SIZES = [[2 ** 30, 'GiB'], [2 ** 20, 'MiB'], [2 ** 10, 'KiB']];
const digits = (places) => new Intl.NumberFormat('en', { minimumFractionDigits: places, maximumFractionDigits: places });
const whole = digits(0);
const tenths = digits(1);

export const count = (value) => whole.format(value);

export function size(value) {
  const found = SIZES.find(([unit]) => value >= unit);
  return found ? `${tenths.format(value / found[0])} ${found[1]}` : `${value.toFixed(0)} B`;
}

export const late = (value) => (value >= 1000 ? `${(value / 1000).toFixed(1)} s` : `${value.toFixed(1)} ms`);

/** The two largest units. @param {number} seconds */
export function span(seconds) {
  const parts = [];
  let left = Math.trunc(seconds);
  for (const [unit, length] of UNITS) {
    const number = Math.trunc(left / length);
    left %= length;
    if (number || (unit === 'second' && !parts.length)) parts.push(`${number} ${unit}${number === 1 ? '' : 's'}`);
  }
  return parts.slice(0, 2).join(' ');
}

export const says = { count, size, late, span };

/** How many, with the word for one or for several. */
export const many = (value, one, several = `${one}s`) => `${count(value)} ${value === 1 ? one : several}`;

/** What the last of so many minutes are called. @param {number} minutes */
export const lately = (minutes) => (minutes >= 60 ? 'hour' : minutes === 1 ? 'minute' : `${minutes} minutes`);
