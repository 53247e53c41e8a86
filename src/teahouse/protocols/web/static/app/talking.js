/** Talking: what one says and does where one is. Rule: what cannot go out yet waits in sight; the house decides. */
import { withLine } from './adding.js';
import { withEmoji } from './emoji.js';
import { seen } from './reduce.js';
import { rank, roleIn } from './state.js';

/** The place as requests about its past name it. */
export const placed = (place) => (place.kind === 'talk' ? { with: place.name } : { room: place.key });

export class Talking {
  #read = new Map();
  #readTimer = 0;

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
      this.emit('notice', error.message);
    }
  }

  /** Whether one may take a line away. */
  mayDelete(place, line) {
    if (line.gone) return false;
    return Boolean(line.own) || (place.kind === 'room' && rank(roleIn(this.state, place)) >= rank('operator'));
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
      if (place) this.connection.tell('read', { ...placed(place), id });
    }
    this.#read.clear();
  }

  /** A room has another key: what waits to be said there, or to be told of it, goes there. */
  follow(before, key) {
    const read = this.#read.get(before);
    if (this.#read.delete(before)) this.#read.set(key, read);
    const waiting = this.state.outbox.filter((entry) => entry.key === before);
    for (const entry of waiting) Object.assign(entry, { key, values: { ...entry.values, room: key } }); // its answer looks for it
    if (waiting.length) this.store.change((state) => ({ ...state, outbox: [...state.outbox] }));
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
}
