/** The one place that holds the state. Rule: it is changed by pure functions, and whoever watches is told once a turn. */
import { blank } from './state.js';

export class Store {
  #watchers = new Set();
  #told = false;

  constructor() {
    /** @type {import('./state.js').State} */
    this.state = blank();
  }

  /** Put a function of the state in its place. @param {(state: object, ...more: any[]) => object} change */
  change(change, ...more) {
    const next = change(this.state, ...more);
    if (next === this.state) return;
    this.state = next;
    if (this.#told) return;
    this.#told = true;
    queueMicrotask(() => this.#tell());
  }

  /** @param {object} values */
  set(values) {
    this.change((state) => ({ ...state, ...values }));
  }

  /** Call this now, and whenever what it picks has changed. */
  watch(pick, show) {
    let last;
    let fresh = true;
    const look = (state) => {
      const picked = pick(state);
      if (!fresh && Array.isArray(picked) && picked.every((each, at) => each === last[at])) return;
      [last, fresh] = [picked, false];
      show(...picked);
    };
    this.#watchers.add(look);
    look(this.state);
    return () => this.#watchers.delete(look);
  }

  #tell() {
    this.#told = false;
    for (const look of this.#watchers) {
      try {
        look(this.state);
      } catch (error) {
        reportError(error); // one view's trouble stays its own
      }
    }
  }
}
