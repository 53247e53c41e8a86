/** What this browser keeps: settings, drafts, the remembered login. Rule: a browser that keeps nothing works too. */
import { record } from './text.js';

const PREFIX = 'teahouse.';

/** @param {string} name @param {any} [otherwise] @param {Storage} [at] */
export function load(name, otherwise = null, at = globalThis.localStorage) {
  try {
    return JSON.parse(at.getItem(PREFIX + name)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

/** @param {string} name @param {any} value nothing: forget it */
export function save(name, value, at = globalThis.localStorage) {
  try {
    if (value === null || value === undefined) at.removeItem(PREFIX + name);
    else at.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    /* private windows and full disks: it lasts for this page then */
  }
}

export const DEFAULTS = {
  theme: 'system', comings: true, notify: 'off', sound: false, compact: false, typing: true, rooms: [],
};

/** Settings that are known, of the kind that they should be. @param {object} found */
export function settingsFrom(found) {
  const known = Object.entries(DEFAULTS).map(([name, value]) => {
    const has = found?.[name];
    const fits = Array.isArray(value) ? Array.isArray(has) : typeof has === typeof value;
    return [name, fits ? has : value];
  });
  return Object.fromEntries(known);
}

/** What is written and not sent yet, for each place. */
export class Drafts {
  #all = record(load('drafts', {}));

  of(key) {
    return typeof this.#all[key] === 'string' ? this.#all[key] : '';
  }

  keep(key, text) {
    if (text === this.of(key)) return;
    if (text) this.#all[key] = text.slice(0, 4096);
    else delete this.#all[key];
    save('drafts', this.#all);
  }

  /** A place has another key. */
  move(before, key) {
    const text = this.of(before);
    this.keep(before, '');
    if (text) this.keep(key, text);
  }

  /** Whether something waits there to be sent. */
  has(key) {
    return Boolean(this.of(key).trim());
  }

  clear() {
    this.#all = record();
    save('drafts', null);
  }
}
