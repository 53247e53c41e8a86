/** A line comes into its place. Rule: pure; nothing is shown twice, and a place holds a bounded number of lines. */
import { lineOf } from './line-of.js';
import { isWords, merge, MOST } from './lines.js';
import { counted, newPlace, talkKey, withPlace } from './state.js';
import { fold, record } from './text.js';

/** The key of the place that an event belongs to; "" for one that concerns no place that is open. */
export function placeOf(state, event) {
  const other = otherOf(state, event);
  if (other) return talkKey(other);
  if (event.room) return state.places[event.room] ? event.room : '';
  return state.current;
}

/** With whom a private event is. */
function otherOf(state, event) {
  if (event.to === undefined || event.to === '') return '';
  return fold(event.who) === fold(state.me.nick) ? event.to : event.who;
}

/** An event is shown as a line, where it happened. */
export function addLine(state, event) {
  const line = lineOf(event, state);
  if (!line) return state;
  let next = state;
  const other = otherOf(state, event);
  if (other && !state.places[talkKey(other)]) {
    next = { ...state, places: record(state.places, { [talkKey(other)]: newPlace('talk', other) }) };
  }
  const key = placeOf(next, event);
  return key ? withLine(next, key, line) : next;
}

/** A line into the place of this key. */
export function withLine(state, key, line) {
  const place = state.places[key];
  if (!place) return state;
  const last = Math.max(place.last, line.id);
  if (!place.atEnd) return withPlace(state, key, { last, unread: place.unread + Number(isWords(line) && !line.own) });
  let lines = merge(place.lines, [line]);
  const more = place.more || lines.length > MOST;
  if (lines.length > MOST) lines = lines.slice(-MOST);
  const typing = record(place.typing);
  delete typing[fold(line.who)];
  const changes = { lines, last, more, typing, ...(lines[0].id === place.lines[0]?.id ? {} : { first: 0 }) };
  if (line.own) Object.assign(changes, { mark: 0, read: Math.max(place.read, line.id) });
  else if (isWords(line) && !place.mark && state.watching !== key) changes.mark = Math.max(place.read, 1);
  return withPlace(state, key, counted({ ...place, ...changes }, state.me.nick));
}
