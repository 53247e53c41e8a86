/**
 * What an event changes. Rule: pure: `reduce(state, event)` gives the next state; one small function for each kind, and
 * what is not known here shows as its plain line.
 */
import { EVENTS } from './reducers.js';
import { addLine, placeOf } from './adding.js';
import { merge, MOST, withSign } from './lines.js';
import { counted, withPlace } from './state.js';
import { lineOf } from './line-of.js';

/** @param {import('./state.js').State} state @param {object} event */
export function reduce(state, event) {
  const change = Object.hasOwn(EVENTS, event.type) ? EVENTS[event.type] : null;
  if (change) return change(state, event);
  return event.plain ? addLine(state, event) : state;
}

/**
 * A page of the past comes into a place.
 * @param {import('./state.js').State} state
 * @param {{key: string, events: object[], more: boolean, where: 'before'|'after'|'fresh', first?: number, last?: number}}
 *   page `first` and `last`: from where to go on, for what one is not shown counts too
 */
export function withPage(state, { key, events, more, where, first = 0, last = 0 }) {
  const place = state.places[key];
  if (!place) return state;
  const lines = events.map((event) => lineOf(event, state)).filter(Boolean);
  const signs = events.filter((event) => event.type === 'reacted').reduce(withSign, place.signs);
  let all = where === 'fresh' ? lines : merge(place.lines, lines);
  if (where === 'fresh') all = merge(all, place.lines.filter((line) => line.id > (all.at(-1)?.id ?? 0)));
  const changes = { signs, loaded: true };
  if (where !== 'after') Object.assign(changes, { more, first });
  if (where === 'after') Object.assign(changes, { atEnd: place.atEnd || !more, final: last });
  if (where === 'fresh') changes.atEnd = true;
  if (all.length > MOST) {
    const cutEnd = where === 'before';
    all = cutEnd ? all.slice(0, MOST) : all.slice(-MOST);
    changes[cutEnd ? 'atEnd' : 'more'] = !cutEnd;
    changes[cutEnd ? 'final' : 'first'] = 0;
  }
  changes.last = Math.max(place.last, all.at(-1)?.id ?? 0);
  const next = { ...place, ...changes, lines: all };
  return withPlace(state, key, next.atEnd ? counted(next, state.me.nick) : next);
}

/** A page around something that was found: apart from the present, until one goes back to it. */
export function withSpan(state, { key, events, more }) {
  const lines = events.map((event) => lineOf(event, state)).filter(Boolean);
  const signs = events.filter((event) => event.type === 'reacted').reduce(withSign, state.places[key]?.signs ?? {});
  return withPlace(state, key, { lines, signs, more, atEnd: false, loaded: true, first: 0, final: 0 });
}

/** One has read as far as that, here or on another device. */
export function seen(state, key, id) {
  const place = state.places[key];
  if (!place || id <= place.read) return state;
  return withPlace(state, key, counted({ ...place, read: id }, state.me.nick));
}

/** One turns to a place: the unread line stands where one had left off. */
export function opened(state, key) {
  const place = state.places[key];
  if (!place) return state;
  const left = state.places[state.current];
  const next = left && left.key !== key ? withPlace(state, left.key, { mark: 0 }) : state;
  return withPlace({ ...next, current: key }, key, { mark: place.unread ? place.read : 0 });
}

export { placeOf };
