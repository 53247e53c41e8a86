/** Rooms and conversations: going in and out, and their past. Rule: what comes goes into the store before what follows. */
import { save } from './keeping.js';
import { opened, withPage, withSpan } from './reduce.js';
import { without } from './reducers.js';
import { byNick, startOf, withMore } from './members.js';
import { newPlace, talkKey, withPlace } from './state.js';
import { Talking, placed } from './talking.js';
import { clean, fold, record } from './text.js';

const PAGE = 60;
const COUNT_MS = 10_000;

export class Rooms extends Talking {
  #commands = new Map();
  #joining = new Set();
  #counting = 0;

  /** Whether one is about to go into a room oneself. */
  isJoining(key) {
    return this.#joining.has(key);
  }

  /** Go into a room (or find out how it is there), with its past. */
  async join(asked, password = '', { ask = (...all) => this.connection.ask(...all), quiet = true, make = true } = {}) {
    let key = fold(asked);
    const values = { room: asked, ...(password && { password }), ...(!make && { make }) };
    this.#joining.add(key);
    try {
      await ask('join', values, { now: (answer) => {
        key = answer.room || key; // one may be shown to another room than one wanted
        this.#joined(key, asked, answer);
      } });
    } finally {
      this.#joining.delete(fold(asked));
    }
    this.keepRooms();
    await this.#catchUp(key, ask);
    if (!quiet) this.open(key, ask);
    return key;
  }

  #joined(key, asked, { name, topic, role, read, ...who }) {
    this.store.change((state) => {
      const info = state.rooms.find((each) => each.key === key);
      const known = state.places[key] ?? newPlace('room', asked);
      const place = { ...known, joined: true, name: clean(name || info?.name || known.name), ...startOf(who), topic: clean(topic), role: role ?? '' };
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
      const page = await ask('history', { ...placed(place), after, count: PAGE }, { now: (answer) => !answer.more && this.#page(key, answer, 'after') });
      if (!page.more) return;
    }
    await this.latest(key, ask);
  }

  #page(key, { events = [], more = false, first = 0, last = 0 }, where) {
    this.store.change(withPage, { key, events, more, where, first, last });
  }

  /** The end of a place's past. */
  async latest(key, ask = (...all) => this.connection.ask(...all)) {
    const place = this.state.places[key];
    if (!place) return;
    await ask('history', { ...placed(place), count: PAGE }, { now: (answer) => this.#page(key, answer, 'fresh') }).catch((error) => {
      if (error.code === 'offline') throw error;
      this.store.change(withPlace, key, { loaded: true, more: false });
    });
  }

  /** More of the past, before or after what is there. @param {'before'|'after'} where */
  async more(key, where) {
    const place = this.state.places[key];
    const edge = Math.floor(where === 'before' ? place?.first || place?.lines[0]?.id || 0 : place?.final || place?.lines.at(-1)?.id || 0);
    if (!edge) return;
    await this.connection.ask('history', { ...placed(place), [where]: edge, count: PAGE }, { now: (answer) => this.#page(key, answer, where) });
  }

  /** Show a line that was found, among those around it. */
  async goTo(key, id) {
    const place = this.state.places[key];
    if (!place) return;
    this.open(key);
    await this.around(key, id);
    if (this.state.places[key]?.lines.some((line) => line.id === id)) this.emit('focus', id);
    else this.emit('notice', 'That line is not there any more, or it is not for you to read.');
  }

  /** Go to the place of a link, into its room if need be, and to its line if it has one. @param {{key: string, id: number}} link */
  async visit({ key, id }) {
    try {
      if (key.startsWith('@')) this.talk(key.slice(1));
      else if (!this.state.places[key]) await this.join(key, '', { make: false }); // a link makes no rooms
      if (id) await this.goTo(fold(key), id);
      else this.open(fold(key));
    } catch (error) {
      this.emit('notice', error.message);
    }
  }

  /** Have the lines around one, if it is not among those that are here. */
  async around(key, id) {
    const place = this.state.places[key];
    if (!place.lines.some((line) => line.id === id)) {
      const where = placed(place);
      const [before, after] = await Promise.all([
        this.connection.ask('history', { ...where, before: id + 1, count: 30 }),
        this.connection.ask('history', { ...where, after: id, count: 30 }),
      ]);
      this.store.change(withSpan, { key, events: [...before.events, ...after.events], more: before.more });
      if (!after.more) await this.more(key, 'after');
    }
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

  /** More of the list of members, behind what is known of it. */
  async moreMembers(key) {
    const place = this.state.places[key];
    if (!place || place.whole) return;
    const after = place.upTo?.nick;
    await this.connection.ask('members', { room: key, ...(after ? { after } : {}) }, { now: (answer) => {
      const now = this.state.places[key];
      if (now && now.upTo?.nick === after) this.store.change(withPlace, key, withMore(now, answer));
    } });
  }

  /** The members whose nick begins like this. */
  async membersLike(key, begins, count = 50) {
    const { members } = await this.connection.ask('members', { room: key, begins, count });
    return Object.values(byNick(members));
  }

  /** In a crowd one is not told from which room somebody has left the house: count again, once in a while. */
  countAgain() {
    if (Object.values(this.state.places).every(({ whole }) => whole)) return;
    this.#counting ||= setTimeout(async () => {
      this.#counting = 0;
      for (const { key, whole } of Object.values(this.state.places)) {
        if (!whole) await this.connection.ask('members', { room: key, count: 1 }, { now: ({ total }) => this.store.change(withPlace, key, { people: total }) }).catch(() => {});
      }
    }, COUNT_MS);
  }

  /** A room has another name, and its place in the store too: what else goes by its key follows. */
  follow(before, key) {
    super.follow(before, key);
    if (before !== key) this.drafts.move(before, key);
    if (this.#commands.has(before)) this.#commands.set(key, this.#commands.get(before));
    if (this.state.current === key) save('current', key);
    this.keepRooms();
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
}
