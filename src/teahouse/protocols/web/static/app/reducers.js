/** Kind of event → what it changes. Rule: pure; each takes a state and an event and gives the next state. */
import { addLine, placeOf } from './adding.js';
import { lineOf } from './line-of.js';
import { isWords, merge, MOST, withSign } from './lines.js';
import { withChange } from './members.js';
import { counted, newPlace, withPlace } from './state.js';
import { clean, fold, record } from './text.js';

const same = (state) => state;
const isMe = (state, nick) => fold(nick) === fold(state.me.nick);

/** Change one member of one room; in a crowd, `by` so many more are there now. */
function withMember(state, key, nick, change, by = 0) {
  const place = state.places[key];
  if (!place || place.kind !== 'room') return state;
  return withPlace(state, key, withChange(place, nick, change, by));
}

/** Whether people are told that someone comes or goes: in a crowd, of those who have said something. */
function isNoted(place, nick) {
  return place?.whole !== false || place.lines.some((line) => isWords(line) && fold(line.who) === fold(nick));
}

const noted = (state, event, nick) => (isNoted(state.places[event.room], nick) ? addLine(state, event) : state);

/** Change a member wherever they are; tell it in those rooms. */
function everywhere(state, event, change) {
  let next = state;
  for (const [key, place] of Object.entries(state.places)) {
    if (event.room ? key !== event.room : !place.members[fold(event.who)] && key !== `@${fold(event.who)}`) continue;
    next = withMember(next, key, event.who, (member) => member && change(member), event.type === 'quit' ? -1 : 0);
    if (place.kind === 'room') next = noted(next, { ...event, room: key }, event.who);
  }
  return next;
}

function entered(state, event) {
  if (isMe(state, event.who) && !state.places[event.room]?.joined) return arrived(state, event);
  const fresh = { nick: clean(event.who), role: '', away: event.away ?? '', account: event.account ?? '', bot: Boolean(event.bot) };
  const known = Boolean(state.places[event.room]?.members[fold(event.who)]);
  const next = withMember(state, event.room, event.who, (member) => member ?? fresh, Number(!known));
  return known ? next : noted(next, event, event.who);
}

/** One is in a room oneself, by this device or another. */
function arrived(state, event) {
  const place = state.places[event.room] ?? newPlace('room', event.room);
  return { ...state, places: record(state.places, { [event.room]: { ...place, joined: true } }) };
}

function left(state, event) {
  if (isMe(state, event.who)) return without(state, event.room);
  return noted(withMember(state, event.room, event.who, () => null, -1), event, event.who);
}

/** A room is not one's own any more. */
export function without(state, key) {
  const places = record(state.places);
  delete places[key];
  const current = state.current === key ? (Object.keys(places)[0] ?? '') : state.current;
  return { ...state, places, current };
}

function kicked(state, event) {
  if (!isMe(state, event.nick)) return addLine(withMember(state, event.room, event.nick, () => null, -1), event);
  const next = without(state, event.room);
  return addLine(next, { ...event, room: '', type: 'notice', plain: `${event.plain} (${event.room})` });
}

function renamed(state, event) {
  let next = everywhere(state, event, (member) => ({ ...member, nick: clean(event.nick) }));
  if (isMe(state, event.who)) next = { ...next, me: { ...next.me, nick: event.nick } };
  const talk = next.places[`@${fold(event.who)}`];
  if (!talk) return next;
  const places = record(next.places);
  delete places[talk.key];
  const key = `@${fold(event.nick)}`;
  places[key] = { ...talk, ...(places[key] ?? {}), key, name: clean(event.nick), lines: merge(talk.lines, places[key]?.lines ?? []) };
  return { ...next, places, current: next.current === talk.key ? key : next.current };
}

/** A room has another name: all that is known of it stays. */
function roomrenamed(state, event) {
  const { room: key, before_key: before } = event;
  const name = clean(event.name);
  const next = { ...state, rooms: state.rooms.map((each) => (each.key === before ? { ...each, key, name } : each)) };
  if (!state.places[before]) return next;
  next.places = record(state.places);
  delete next.places[before];
  next.places[key] = { ...state.places[before], key, name };
  for (const where of ['current', 'watching']) if (state[where] === before) next[where] = key;
  return addLine(next, event);
}

function rolechanged(state, event) {
  const role = event.role === 'member' ? '' : event.role;
  const unknown = state.places[event.room]?.whole === false ? { nick: clean(event.nick), away: '', account: '', bot: false } : null;
  let next = withMember(state, event.room, event.nick, (member) => (member || unknown) && { ...(member ?? unknown), role });
  if (isMe(state, event.nick)) next = withPlace(next, event.room, { role });
  return addLine(next, event);
}

function topicchanged(state, event) {
  const place = state.places[event.room];
  if (!place) return state;
  const next = withPlace(state, event.room, { topic: clean(event.topic) });
  return place.loaded && place.topic !== clean(event.topic) ? addLine(next, event) : next;
}

/** Lines with this id, wherever they are. */
function changeLines(state, event, ids, change) {
  const key = event.room || Object.keys(state.places).find((each) => state.places[each].lines.some((l) => ids.includes(l.id)));
  const place = state.places[key];
  if (!place) return state;
  const lines = place.lines.map((line) => (ids.includes(line.id) ? change(line) : line));
  return withPlace(state, key, counted({ ...place, lines }, state.me.nick));
}

const edited = (state, event) => changeLines(state, event, [event.target], (line) => ({
  ...line, text: clean(event.text), edited: true,
}));

const deleted = (state, event) => changeLines(state, event, event.targets ?? [], (line) => ({
  ...line, text: '', gone: event.author ? `Removed by ${clean(event.who)}` : 'Taken back',
}));

function reacted(state, event) {
  const key = placeOf(state, event);
  const place = state.places[key];
  return place ? withPlace(state, key, { signs: withSign(place.signs, { ...event, sign: clean(event.sign).slice(0, 32) }) }) : state;
}

function typing(state, event) {
  const key = placeOf(state, event);
  const place = state.places[key];
  if (!place || event.own || isMe(state, event.who) || (!event.room && place.kind === 'room')) return state;
  const now = record(place.typing);
  delete now[fold(event.who)];
  if (event.state === 'active') now[fold(event.who)] = { nick: clean(event.who), at: Date.parse(event.at) || Date.now() };
  return withPlace(state, key, { typing: now });
}

function marked(state, event) {
  const key = event.room || `@${fold(event.with ?? '')}`;
  const place = state.places[key];
  if (!place || !(event.read > place.read)) return state;
  return withPlace(state, key, counted({ ...place, read: event.read }, state.me.nick));
}

/** What was said before, told to a newcomer; with a title it is an answer, and shown as that. */
function replayed(state, event) {
  if (event.title) return addLine(state, event);
  const place = state.places[event.room];
  if (!place) return state;
  const lines = merge(place.lines, event.events.map((each) => lineOf(each, state)).filter(Boolean)).slice(-MOST);
  const signs = event.events.filter((each) => each.type === 'reacted').reduce(withSign, place.signs);
  const last = Math.max(place.last, lines.at(-1)?.id ?? 0);
  return withPlace(state, event.room, counted({ ...place, lines, signs, last }, state.me.nick));
}

export const EVENTS = {
  said: addLine, emoted: addLine, whispered: addLine,
  entered, left, kicked, renamed, roomrenamed, rolechanged, topicchanged, edited, deleted, reacted, typing, marked, replayed,
  quit: (state, event) => everywhere(state, event, () => null),
  awaychanged: (state, event) => everywhere(state, event, (member) => ({ ...member, away: clean(event.text) })),
  accountchanged: (state, event) => {
    let next = state;
    for (const key of Object.keys(state.places)) {
      next = withMember(next, key, event.who, (member) => member && { ...member, account: event.name ?? '' });
    }
    return next;
  },
  loggedin: (state, event) => ({ ...state, me: { ...state.me, nick: event.nick } }),
  prompt: (state, event) => ({ ...state, prompt: event }),
  answered: (state) => ({ ...state, prompt: null }),
  done: same, pong: same, roster: same, signalled: same, realnamechanged: same, hostchanged: same,
};
