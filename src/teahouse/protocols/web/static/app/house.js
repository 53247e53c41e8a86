/**
 * What one does in the house: coming in and leaving here, the rest in `rooms.js` and `talking.js`. Rule: views call this
 * and nothing else; it asks the house, and what comes back goes into the store.
 */
import { Connection } from './connection.js';
import { DEFAULTS, Drafts, load, save, settingsFrom } from './keeping.js';
import { reduce } from './reduce.js';
import { without } from './reducers.js';
import { Rooms } from './rooms.js';
import { newPlace, talkKey } from './state.js';
import { clean, fold, record } from './text.js';

const MOST_TALKS = 8;

export class House extends Rooms {
  drafts = new Drafts();
  settings = settingsFrom(load('settings', {}));
  /** What is to be done while one can still ask the house for it, before one signs out. */
  farewell = async () => {};
  #login = load('login');
  #left = null;
  #settingsTimer = 0;
  #listeners = new Map();

  /** @param {import('./store.js').Store} store @param {string} url */
  constructor(store, url, Socket) {
    super();
    this.store = store;
    this.connection = new Connection(url, {
      events: (events) => this.#events(events),
      status: (status, why) => this.#status(status, why),
      fresh: (hello) => this.#fresh(hello),
      back: (hello) => this.#back(hello),
      stays: () => this.store.state.phase !== 'signin',
    }, Socket);
    this.store.set({ status: 'connecting', why: '', outbox: [] });
  }

  get state() {
    return this.store.state;
  }

  /** Hear of "event", "settings", "notice", "focus". */
  on(name, listener) {
    this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), listener]);
  }

  emit(name, ...values) {
    for (const each of this.#listeners.get(name) ?? []) each(...values);
  }

  // ---- coming in ------------------------------------------------------------------------------------------

  /** Begin, where this page was left a moment ago if it was. */
  start() {
    const left = load('session', null, globalThis.sessionStorage);
    save('session', null, globalThis.sessionStorage);
    if (left) {
      [this.connection.session, this.connection.last] = [left.session, left.last];
      this.#left = left.me;
      this.#login ??= { nick: left.me?.nick ?? '', token: '' };
    }
    this.connection.start();
  }

  /** The page goes: another one may come in its place and go on. */
  pause() {
    const { session, last } = this.connection;
    if (this.state.phase === 'in' && session) save('session', { session, last, me: this.state.me }, globalThis.sessionStorage);
  }

  /** @param {'login'|'register'} how @param {{nick: string, password?: string}} who @param {boolean} remember */
  async enter(how, who, remember) {
    await this.connection.ready();
    const answer = await this.connection.ask(how, { ...who, remember: true, ...(how === 'login' ? { ask: false } : {}) }); // to come in again after a break
    const token = answer.token ?? '';
    this.#login = { nick: answer.nick, token, password: token ? '' : who.password };
    save('login', token && remember ? this.#login : null);
    this.#entered(answer);
    await this.#settle(answer);
  }

  async leave() {
    await this.farewell().catch(() => {});
    await this.connection.ask('logout', this.#login?.token ? { token: this.#login.token } : {}).catch(() => {});
    this.#forget();
    this.store.set({ why: 'You have signed out.' });
  }

  #forget() {
    this.store.set({ phase: 'signin', places: record(), current: '', rooms: [], prompt: null, outbox: [] });
    this.connection.end();
    this.drafts.clear();
    this.#login = null;
    save('login', null);
    save('session', null, globalThis.sessionStorage);
  }

  /** A connection that the house knows nothing of: log in again if one was in. */
  async #fresh(hello) {
    this.store.set({ house: hello.house ?? {} });
    if (!this.#login) return void this.store.set({ phase: 'signin' });
    const { nick, token, password } = this.#login;
    try {
      const answer = await this.connection.askEarly('login', token ? { nick, token, remember: true } : { nick, ask: false, ...(password ? { password, remember: true } : {}) });
      if (answer.token) {
        this.#login = { nick: answer.nick, token: answer.token, password: '' };
        if (load('login')) save('login', this.#login);
      }
      this.#entered(answer);
      const early = (what, values, { now } = {}) => this.connection.askEarly(what, values, now);
      await this.#settle(answer, early);
    } catch (error) {
      if (error.code === 'offline') throw error;
      this.#login = null;
      save('login', null);
      this.store.set({ phase: 'signin', why: error.message });
    }
  }

  /** The house has kept one's place; a page that is new has to ask where that is. */
  async #back(hello) {
    if (this.state.phase === 'in') return;
    this.store.set({ house: hello.house ?? this.state.house });
    const who = hello.nick ? hello : { ...this.#left, rooms: [] };
    this.#entered(who);
    await this.#settle(who, (what, values, { now } = {}) => this.connection.askEarly(what, values, now));
  }

  #entered(answer) {
    const me = { nick: answer.nick, account: answer.account ?? '', role: answer.role ?? '' };
    this.store.set({ me, phase: 'in', why: '' });
  }

  /** Find one's rooms again, with what was said meanwhile. */
  async #settle(answer, ask = (...all) => this.connection.ask(...all)) {
    const list = (await ask('rooms', {})).rooms ?? [];
    this.store.set({ rooms: list });
    const mine = list.filter(({ joined }) => joined).map(({ name }) => name);
    const before = Object.values(this.state.places).filter(({ kind }) => kind === 'room').map(({ name }) => name);
    const known = new Set([...mine, ...(answer.rooms ?? []).map(({ name }) => name), ...before, ...this.settings.rooms]);
    const names = known.size ? [...known] : [this.state.house.lobby || list[0]?.name || 'lobby'];
    await this.#loadSettings(ask);
    for (const name of names) await this.join(name, '', { ask, quiet: names.length > 1 }).catch((error) => this.#missed(name, error));
    await this.#conversations(ask);
    for (const each of this.connection.doubtful()) if (this.#isSaid(each.message)) this.connection.settle(each);
    if (!this.state.places[this.state.current]) this.open(load('current') || Object.keys(this.state.places)[0], ask);
  }

  #missed(name, error) {
    if (error.code === 'offline') throw error;
    this.store.change(without, fold(name));
    this.notice(`${name}: ${error.message}`);
  }

  /** Whether something that may or may not have been heard stands in the room since then. */
  #isSaid({ do: what, room, to, text }) {
    if (what !== 'say') return false;
    const place = this.state.places[to ? talkKey(to) : fold(room ?? '')];
    return Boolean(place?.lines.some((line) => line.own && line.text === clean(text) && line.id > (place.before ?? 0)));
  }

  async #conversations(ask) {
    const { conversations = [] } = await ask('conversations', {}).catch(() => ({}));
    this.store.change((state) => {
      const places = record(state.places);
      for (const { with: nick, last = 0, read = 0 } of conversations) {
        const known = places[talkKey(nick)] ?? newPlace('talk', nick);
        places[known.key] = { ...known, last: Math.max(last, known.last), read: Math.max(read, known.read) };
      }
      return { ...state, places };
    });
    const waiting = Object.values(this.state.places).filter((each) => each.kind === 'talk' && each.last > each.read && !each.loaded);
    for (const { key } of waiting.slice(0, MOST_TALKS)) await this.latest(key, ask);
  }

  // ---- settings -------------------------------------------------------------------------------------------

  /** Change settings: here at once, on the account a moment later. */
  set(values) {
    if (Object.entries(values).every(([name, value]) => JSON.stringify(this.settings[name]) === JSON.stringify(value))) return;
    this.settings = { ...this.settings, ...values };
    save('settings', this.settings);
    this.emit('settings', this.settings);
    clearTimeout(this.#settingsTimer);
    if (this.state.me.account) {
      this.#settingsTimer = setTimeout(() => this.connection.ask('settings', { set: this.settings }).catch(() => {}), 1500);
    }
  }

  async #loadSettings(ask) {
    if (!this.state.me.account) return;
    const { settings } = await ask('settings', {}).catch(() => ({}));
    if (!settings || !Object.keys(settings).length) return;
    this.settings = settingsFrom({ ...DEFAULTS, ...settings });
    save('settings', this.settings);
    this.emit('settings', this.settings);
  }

  // ---- what comes -----------------------------------------------------------------------------------------

  #events(events) {
    for (const event of events) {
      const known = this.state.places[event.room]?.joined;
      this.store.change(reduce, event);
      const arrived = event.type === 'entered' && !known && this.state.places[event.room]?.joined;
      if (arrived && !this.isJoining(event.room) && this.connection.status === 'open') this.#follow(event.room);
      if (event.type === 'kicked' || event.type === 'left') this.keepRooms();
      if (event.type === 'roomrenamed') this.follow(event.before_key, event.room);
      if (event.type === 'quit') this.countAgain();
      this.emit('event', event);
    }
  }

  /** Another device, or a typed line, has brought one into a room. */
  async #follow(key) {
    await this.refreshRooms().catch(() => {});
    if (!this.state.places[key]?.loaded) await this.join(key, '', { quiet: false }).catch(() => {});
  }

  #status(status, why) {
    this.store.set({ status, ...(why ? { why } : {}) });
    if (status === 'ended' && this.state.phase === 'in') {
      this.#forget();
      this.store.set({ why: why || 'You have left the house.' });
    }
  }
}
