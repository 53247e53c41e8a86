/** What keyboards and screen readers need. Rule: news is told in batches and politely, and never one's own words. */

const BATCH_MS = 900;

/** Tells a live region what is new. */
export class Announcer {
  #waiting = [];
  #timer = 0;

  /** @param {HTMLElement} region */
  constructor(region) {
    this.region = region;
  }

  /** @param {string} text */
  say(text) {
    this.#waiting.push(text);
    this.#timer ||= setTimeout(() => this.#tell(), BATCH_MS);
  }

  #tell() {
    this.#timer = 0;
    this.region.textContent = batch(this.#waiting);
    this.#waiting = [];
  }
}

/** What is said of several pieces of news at once. @param {string[]} texts */
export function batch(texts) {
  if (texts.length <= 4) return texts.join('. \n');
  return `${texts.length} new messages. The last: ${texts.at(-1)}`;
}

/**
 * One stop for Tab in a list, arrows within it.
 * @param {HTMLElement} list @param {string} items a selector
 */
export function roving(list, items) {
  const all = () => [...list.querySelectorAll(items)];
  list.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    const found = all();
    const at = found.indexOf(document.activeElement);
    const next = found[Math.max(0, Math.min(found.length - 1, at + step))];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
  list.addEventListener('focusin', (event) => {
    const item = event.target.closest(items);
    if (item) stopAt(all(), item);
  });
  return () => {
    const found = all();
    const stop = found.find((each) => each.contains(document.activeElement)) ?? found.find((each) => each.ariaCurrent) ?? found[0];
    stopAt(found, stop);
  };
}

function stopAt(all, stop) {
  for (const each of all) {
    const index = each === stop ? 0 : -1;
    if (each.tabIndex !== index) each.tabIndex = index; // writing it costs, even where nothing changes
  }
}

/** Whether what is typed goes into a field. @param {EventTarget|null} target */
export function isField(target) {
  return target instanceof HTMLElement && (target.matches('input, textarea, select') || target.isContentEditable);
}
