/** When to try again. Rule: pure: the chance is handed in. */

const FIRST_MS = 500;
const LAST_MS = 30_000;

/** Milliseconds before try number `tries` (from 0): doubling, with jitter over its upper half. */
export function delay(tries, chance = Math.random()) {
  const most = Math.min(LAST_MS, FIRST_MS * 2 ** Math.min(tries, 16));
  return Math.round(most / 2 + chance * (most / 2));
}

/** Whether a close code means that one should come back. @param {number} code */
export const comesBack = (code) => code !== 1000 && code !== 1008 && code !== 1002;
