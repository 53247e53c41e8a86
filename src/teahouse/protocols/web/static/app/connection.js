/**
 * The way to the house. Rule: what is asked is asked once: after a break, what has had no answer is sent again only
 * when it is certain that the house has not heard it (docs/protocols/web.md, "Coming back").
 */
import { comesBack, delay } from './backoff.js';

const QUIET_MS = 45_000;
const ANSWER_MS = 15_000;

/** What could not be done: `code` for programs, `message` for people. */
export class Refusal extends Error {
  constructor(code, text) {
    super(text);
    this.code = code;
  }
}

export class Connection {
  #socket = null;
  #waiting = new Map();
  #count = 0;
  #prefix = Math.random().toString(36).slice(2, 7);
  #timer = 0;
  #watch = 0;
  #heard = 0;
  #ended = false;
  #opening = null;
  tries = 0;
  /** @type {'connecting'|'open'|'lost'|'ended'} */
  status = 'connecting';
  session = '';
  last = 0;

  /**
   * @param {string} url
   * @param {{events: (events: object[]) => void, status: (status: string, why?: string) => void,
   *   fresh: (hello: object) => Promise<void>, back: (hello: object) => Promise<void>, stays: () => boolean}} on
   *   what to tell; `stays`: whether a connection that is lost is sought again
   */
  constructor(url, on, Socket = globalThis.WebSocket) {
    Object.assign(this, { url, on, Socket });
  }

  /** Connect now, whatever was planned. */
  start() {
    clearTimeout(this.#timer);
    this.#ended = false;
    this.#drop();
    this.status = 'connecting';
    const socket = new this.Socket(this.url, 'v1.teahouse');
    this.#socket = socket;
    this.#timer = setTimeout(() => this.#lost(socket, { code: 1006, reason: '' }), ANSWER_MS);
    socket.onopen = () => void this.#greet(socket);
    socket.onmessage = ({ data }) => this.#socket === socket && this.#read(data);
    socket.onclose = (event) => this.#lost(socket, event);
  }

  /** Try again at once, if nothing stands. */
  hurry() {
    if (this.status === 'lost' && this.on.stays()) this.start();
  }

  /** Resolved as soon as one may ask. */
  ready() {
    if (this.status === 'open') return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#opening = { resolve, reject };
      if (this.status !== 'connecting') this.start();
    });
  }

  /** Leave for good. */
  end() {
    this.#ended = true;
    this.#say('ended');
    this.#drop();
    clearTimeout(this.#timer);
    clearInterval(this.#watch);
    [this.session, this.last] = ['', 0];
    for (const each of this.#waiting.values()) each.reject(new Refusal('ended', 'You have signed out.'));
    this.#waiting.clear();
  }

  /**
   * Ask for something. `keep`: without a connection it waits for one; otherwise it is refused then. `now` is called
   * with the answer before anything that comes after it is looked at.
   * @returns {Promise<object>} what the answer brings
   */
  ask(what, values = {}, { keep = false, now = null } = {}) {
    const ref = `${this.#prefix}${(this.#count += 1)}`;
    const message = { do: what, ref, ...values };
    const open = this.status === 'open';
    if (!open && !keep) return Promise.reject(new Refusal('offline', 'There is no connection just now. Try again when it is back.'));
    return new Promise((resolve, reject) => {
      this.#waiting.set(ref, { message, resolve, reject, keep, now, sent: open });
      if (open) this.#send(message);
    });
  }

  /** As `ask` while one is coming in again, before others may. */
  askEarly(what, values = {}, now = null) {
    const ref = `${this.#prefix}${(this.#count += 1)}`;
    return new Promise((resolve, reject) => {
      this.#waiting.set(ref, { message: { do: what, ref, ...values }, resolve, reject, now, keep: false, sent: true });
      this.#send({ do: what, ref, ...values });
    });
  }

  /** Without an answer; lost if there is no connection. */
  tell(what, values = {}) {
    if (this.status === 'open') this.#send({ do: what, ...values });
  }

  /** What has been asked and is neither answered nor certain to be unheard. */
  doubtful() {
    return [...this.#waiting.values()].filter((each) => each.sent && each.keep);
  }

  /** The house has heard this after all. */
  settle(each) {
    this.#waiting.delete(each.message.ref);
    each.resolve({});
  }

  #send(message) {
    if (this.#socket?.readyState === 1) this.#socket.send(JSON.stringify(message));
  }

  async #greet(socket) {
    clearTimeout(this.#timer);
    const doubtful = [...this.#waiting.values()].filter((each) => each.sent);
    const resume = this.session ? { session: this.session, last: this.last } : undefined;
    try {
      const hello = await this.askEarly('hello', resume ? { version: 1, resume } : { version: 1 });
      this.session = hello.session;
      if (hello.resumed) {
        await this.askEarly('ping');
        await this.on.back(hello);
      } else {
        await this.on.fresh(hello);
      }
      if (this.#socket !== socket) return;
      this.tries = 0;
      this.#say('open');
      this.#again(doubtful);
      this.#listen();
    } catch (error) {
      if (this.#socket !== socket) return;
      if (error.code === 'offline') return;
      this.#say('ended', error.message);
      this.#drop();
    }
  }

  /** Send what the house has not heard. */
  #again(doubtful) {
    for (const each of this.#waiting.values()) {
      if (each.sent && !doubtful.includes(each)) continue;
      if (each.keep) {
        each.sent = true;
        this.#send(each.message);
      } else {
        this.#waiting.delete(each.message.ref);
        each.reject(new Refusal('offline', 'The connection broke before that was done. Try again.'));
      }
    }
  }

  #read(data) {
    this.#heard = Date.now();
    const events = [];
    for (const line of String(data).split('\n')) {
      const event = line && parsed(line);
      if (!event) continue;
      if (Number.isSafeInteger(event.id)) this.last = Math.max(this.last, event.id);
      const waiting = event.ref !== undefined && event.ref !== null ? this.#waiting.get(event.ref) : undefined;
      if (waiting) {
        if (events.length) this.on.events(events.splice(0));
        this.#waiting.delete(event.ref);
        if (event.type === 'done') {
          waiting.now?.(event);
          waiting.resolve(event);
        } else waiting.reject(new Refusal(event.code, event.text));
      } else if (event.type !== 'done' && !(event.type === 'failed' && event.ref)) {
        events.push(event);
      }
    }
    if (events.length) this.on.events(events);
  }

  #lost(socket, { code, reason }) {
    if (this.#socket !== socket || this.#ended) return;
    this.#drop();
    clearInterval(this.#watch);
    for (const [ref, each] of this.#waiting) {
      if (each.keep) continue;
      this.#waiting.delete(ref);
      each.reject(new Refusal('offline', reason || 'The house cannot be reached just now. Try again in a moment.'));
    }
    if (!comesBack(code)) {
      this.session = '';
      this.#say('ended', code === 1000 ? '' : reason || 'The house has closed the connection.');
      return;
    }
    this.#say('lost');
    clearTimeout(this.#timer);
    if (this.on.stays()) this.#timer = setTimeout(() => this.start(), delay((this.tries += 1) - 1));
  }

  /** A connection that says nothing is asked whether it is still there. */
  #listen() {
    clearInterval(this.#watch);
    this.#heard = Date.now();
    const socket = this.#socket;
    this.#watch = setInterval(() => {
      const quiet = Date.now() - this.#heard;
      if (quiet > QUIET_MS + ANSWER_MS) this.#lost(socket, { code: 1006, reason: '' });
      else if (quiet > QUIET_MS) this.ask('ping').catch(() => {});
    }, ANSWER_MS / 3);
  }

  #drop() {
    const socket = this.#socket;
    this.#socket = null;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
  }

  #say(status, why = '') {
    this.status = status;
    if (status === 'open') this.#opening?.resolve();
    else this.#opening?.reject(new Refusal('offline', why || 'The house cannot be reached just now. Try again in a moment.'));
    this.#opening = null;
    this.on.status(status, why);
  }
}

function parsed(line) {
  try {
    const value = JSON.parse(line);
    return value && typeof value === 'object' && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
