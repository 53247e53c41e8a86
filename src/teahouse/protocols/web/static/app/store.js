/**
 * The one place that holds the state. Rule: it is changed by pure functions; whoever watches is told at once, and while
 * much comes, no more often than a screen can show.
 */
import { blank } from './state.js';

const BREATH_MS = 16;

export class Store {
  #watchers = new Set();
  #waits = false;
  #next = 0;

  constructor() {
    /** @type {import('./state.js').State} */
    this.state = blank();
  }

  /** Put a function of the state in its place. @param {(state: object, ...more: any[]) => object} change */
  change(change, ...more) {
    const next = change(this.state, ...more);
    if (next === this.state) return;
    this.state = next;
    if (this.#waits) return;
    this.#waits = true;
    const wait = this.#next - performance.now();
    if (wait <= 0) queueMicrotask(() => this.tell());
    else setTimeout(() => this.tell(), wait);
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

  /** Tell now what waits to be told: for those who need it drawn before they go on. */
  tell() {
    if (!this.#waits) return;
    this.#waits = false;
    for (const look of this.#watchers) {
      try {
        look(this.state);
      } catch (error) {
        reportError(error); // one view's trouble stays its own
      }
    }
    this.#next = performance.now() + BREATH_MS;
  }
}
