/**
 * What one does in the house: come in, go about, talk. Rule: views call this and nothing else; it asks the house, and
 * what comes back goes into the store.
 */
import { Connection } from './connection.js';
import { DEFAULTS, Drafts, load, save, settingsFrom } from './keeping.js';
import { withLine } from './adding.js';
import { opened, reduce, seen, withPage, withSpan } from './reduce.js';
import { without } from './reducers.js';
import { byNick, newPlace, rank, roleIn, talkKey, withPlace } from './state.js';
import { clean, fold, record } from './text.js';
import { withEmoji } from './emoji.js';

const PAGE = 60;
const MOST_TALKS = 8;

export class House {
  drafts = new Drafts();
  settings = settingsFrom(load('settings', {}));
  #login = load('login');
  #left = null;
  #commands = new Map();
  #read = new Map();
  #readTimer = 0;
  #settingsTimer = 0;
  #listeners = new Map();
  #joining = new Set();

  /** @param {import('./store.js').Store} store @param {string} url */
  constructor(store, url, Socket) {
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
    const answer = await this.connection.ask(how, how === 'login' ? { ...who, remember: true } : who);
    const token = answer.token ?? '';
    this.#login = { nick: answer.nick, token, password: token ? '' : who.password };
    this.remember = remember;
    save('login', token && remember ? this.#login : null);
    this.#entered(answer);
    await this.#settle(answer);
  }

  async leave() {
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
      const answer = await this.connection.askEarly('login', token ? { nick, token, remember: true } : { nick, ...(password ? { password, remember: true } : {}) });
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

  // ---- places ---------------------------------------------------------------------------------------------

  /** Go into a room (or find out how it is there), with its past. */
  async join(asked, password = '', { ask = (...all) => this.connection.ask(...all), quiet = true } = {}) {
    let key = fold(asked);
    const values = password ? { room: asked, password } : { room: asked };
    this.#joining.add(key);
    try {
      await ask('join', values, { now: (answer) => {
        key = answer.room || key; // one may be shown to another room than one wanted
        this.#joined(key, answer.name || asked, answer);
      } });
    } finally {
      this.#joining.delete(fold(asked));
    }
    this.keepRooms();
    await this.#catchUp(key, ask);
    if (!quiet) this.open(key, ask);
    return key;
  }

  #joined(key, name, { members, topic, role, read }) {
    this.store.change((state) => {
      const info = state.rooms.find((each) => each.key === key);
      const known = state.places[key] ?? newPlace('room', info?.name ?? name);
      const place = { ...known, joined: true, name: clean(info?.name ?? known.name), members: byNick(members), topic: clean(topic), role: role ?? '' };
      const next = { ...state, places: record(state.places, { [key]: { ...place, read: Math.max(read ?? 0, known.read) } }) };
      return withPlace(next, key, { before: Math.floor(known.lines.at(-1)?.id ?? 0) });
    });
  }

  /** What was said since; too much of it: only the end. */
  async #catchUp(key, ask) {
    const place = this.state.places[key];
    if (!place) return;
    const after = place.loaded && place.atEnd ? place.before : 0;
    if (after) {
      const page = await ask('history', { ...this.#where(place), after, count: PAGE }, { now: (answer) => !answer.more && this.#page(key, answer, 'after') });
      if (!page.more) return;
    }
    await this.latest(key, ask);
  }

  #where = (place) => (place.kind === 'talk' ? { with: place.name } : { room: place.key });

  #page(key, { events = [], more = false, first = 0, last = 0 }, where) {
    this.store.change(withPage, { key, events, more, where, first, last });
  }

  /** The end of a place's past. */
  async latest(key, ask = (...all) => this.connection.ask(...all)) {
    const place = this.state.places[key];
    if (!place) return;
    await ask('history', { ...this.#where(place), count: PAGE }, { now: (answer) => this.#page(key, answer, 'fresh') }).catch((error) => {
      if (error.code === 'offline') throw error;
      this.store.change(withPlace, key, { loaded: true, more: false });
    });
  }

  /** More of the past, before or after what is there. @param {'before'|'after'} where */
  async more(key, where) {
    const place = this.state.places[key];
    const edge = Math.floor(where === 'before' ? place?.first || place?.lines[0]?.id || 0 : place?.final || place?.lines.at(-1)?.id || 0);
    if (!edge) return;
    await this.connection.ask('history', { ...this.#where(place), [where]: edge, count: PAGE }, { now: (answer) => this.#page(key, answer, where) });
  }

  /** Show a line that was found, among those around it. */
  async goTo(key, id) {
    const place = this.state.places[key];
    if (!place) return;
    this.open(key);
    if (!place.lines.some((line) => line.id === id)) {
      const where = this.#where(place);
      const [before, after] = await Promise.all([
        this.connection.ask('history', { ...where, before: id + 1, count: 30 }),
        this.connection.ask('history', { ...where, after: id, count: 30 }),
      ]);
      this.store.change(withSpan, { key, events: [...before.events, ...after.events], more: before.more });
      if (!after.more) await this.more(key, 'after');
    }
    this.emit('focus', id);
  }

  /** Look at a place. */
  open(key, ask) {
    const place = this.state.places[key];
    if (!place) return;
    this.store.change(opened, key);
    save('current', key);
    if (!place.loaded) this.latest(key, ask).catch(() => {});
    if (place.kind === 'room' && !this.#commands.has(key)) this.#loadCommands(key);
  }

  /** A conversation with someone. */
  talk(nick) {
    const key = talkKey(nick);
    this.store.change((state) => (state.places[key] ? state : { ...state, places: record(state.places, { [key]: newPlace('talk', nick) }) }));
    this.open(key);
  }

  async part(key) {
    const place = this.state.places[key];
    if (place?.kind === 'room') await this.connection.ask('leave', { room: key });
    this.store.change(without, key);
    this.keepRooms();
    if (this.state.current) this.open(this.state.current);
  }

  async refreshRooms() {
    const { rooms = [] } = await this.connection.ask('rooms');
    this.store.set({ rooms });
  }

  async refreshMembers(key) {
    await this.connection.ask('members', { room: key }, { now: ({ members }) => this.store.change(withPlace, key, { members: byNick(members) }) });
  }

  keepRooms() {
    const rooms = Object.values(this.state.places).filter((each) => each.kind === 'room' && each.joined).map(({ name }) => name);
    this.set({ rooms });
  }

  async #loadCommands(key) {
    this.#commands.set(key, []);
    const { commands = [] } = await this.connection.ask('commands', { room: key }).catch(() => ({}));
    if (commands.length) this.#commands.set(key, commands);
    else this.#commands.delete(key);
  }

  commandsIn(key) {
    return this.#commands.get(key) ?? [...this.#commands.values()][0] ?? [];
  }

  // ---- talking --------------------------------------------------------------------------------------------

  /** Say something where one is; what cannot go out yet waits in sight. */
  say(key, text, replyTo = 0) {
    const place = this.state.places[key];
    const target = place.kind === 'talk' ? { to: place.name } : { room: place.key };
    const values = { ...target, text: withEmoji(text), ...(replyTo ? { reply_to: replyTo } : {}) };
    this.#keep('say', values, key, values.text);
  }

  #keep(what, values, key, text) {
    const entry = { key, text, what, values, failed: '' };
    const change = (make) => this.store.change((state) => ({ ...state, outbox: make(state.outbox) }));
    change((outbox) => [...outbox, entry]);
    const gone = () => change((outbox) => outbox.filter((each) => each !== entry));
    this.connection.ask(what, values, { keep: true, now: gone }).then(gone, (error) => {
      change((outbox) => outbox.map((each) => (each === entry ? { ...entry, failed: error.message } : each)));
    });
  }

  /** Try a line again that was refused, or throw it away. */
  retry(entry, again) {
    this.store.change((state) => ({ ...state, outbox: state.outbox.filter((each) => each !== entry) }));
    if (again) this.#keep(entry.what, entry.values, entry.key, entry.text);
  }

  /** Run a line as on a terminal. */
  async line(key, text) {
    const place = this.state.places[key];
    const room = place?.kind === 'room' ? place.key : Object.values(this.state.places).find((each) => each.kind === 'room')?.key;
    try {
      await this.connection.ask('line', room ? { room, text } : { text });
    } catch (error) {
      this.notice(error.message, 'failed');
    }
  }

  /** Edit, delete, react: in a room, or in private. */
  async act(what, key, values) {
    const place = this.state.places[key];
    const target = place.kind === 'talk' ? { to: place.name } : { room: place.key };
    try {
      await this.connection.ask(what, { ...target, ...values }, { keep: true });
    } catch (error) {
      this.notice(error.message, 'failed');
    }
  }

  /** Whether one may take a line away. */
  mayDelete(place, line) {
    if (line.gone) return false;
    return place.kind === 'room' && (Boolean(line.own) || rank(roleIn(this.state, place)) >= rank('operator'));
  }

  typing(key, state) {
    const place = this.state.places[key];
    if (place && this.settings.typing) this.connection.tell('typing', { ...(place.kind === 'talk' ? { to: place.name } : { room: key }), state });
  }

  async answer(text) {
    this.store.set({ prompt: null });
    await this.connection.ask('answer', { text }).catch((error) => this.notice(error.message, 'failed'));
  }

  async search(words) {
    return (await this.connection.ask('search', { words })).events ?? [];
  }

  /** One has read a place to its end; the house is told once a second at most. */
  read(key) {
    const place = this.state.places[key];
    const id = place?.atEnd ? Math.floor(place.lines.at(-1)?.id ?? 0) : 0;
    if (!id || id <= place.read) return;
    this.store.change(seen, key, id);
    this.#read.set(key, id);
    if (!this.#readTimer) this.#readTimer = setTimeout(() => this.#tellRead(), 1000);
  }

  #tellRead() {
    this.#readTimer = 0;
    for (const [key, id] of this.#read) {
      const place = this.state.places[key];
      if (place) this.connection.tell('read', { ...this.#where(place), id });
    }
    this.#read.clear();
  }

  /** A line of the house's, or of this client's, where one is looking. */
  notice(text, type = 'notice') {
    const kind = type === 'failed' ? 'error' : 'system';
    const { current } = this.state;
    if (!this.state.places[current]) return this.emit('notice', text);
    this.#local = Math.max(this.#local, this.connection.last) + 0.001;
    this.store.change(withLine, current, { id: this.#local, at: new Date().toISOString(), kind, who: '', text, event: {} });
    this.emit('said-here', text);
  }

  #local = 0;

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
      if (arrived && !this.#joining.has(event.room) && this.connection.status === 'open') this.#follow(event.room);
      if (event.type === 'kicked' || event.type === 'left') this.keepRooms();
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
