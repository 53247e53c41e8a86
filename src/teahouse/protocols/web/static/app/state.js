/**
 * What the client knows. Rule: plain values, never changed in place: whoever changes something makes it anew.
 *
 * @typedef {{nick: string, role: string, away: string, account: string, bot: boolean}} Member
 * `token` is the same for as long as a place is open, whatever it is called.
 * @typedef {{token: symbol, key: string, kind: 'room'|'talk', name: string, topic: string, role: string, joined: boolean,
 *   members: Record<string, Member>, lines: import('./lines.js').Line[], signs: object, more: boolean, atEnd: boolean,
 *   loaded: boolean, people: number, whole: boolean, upTo: Member|null, last: number, read: number, mark: number, unread: number, mentions: number,
 *   typing: Record<string, {nick: string, at: number}>}} Place
 * @typedef {{phase: 'starting'|'signin'|'in', house: object, me: {nick: string, account: string, role: string},
 *   places: Record<string, Place>, current: string, watching: string, rooms: object[], prompt: object|null}} State
 */
import { clean, fold, mentions, record } from './text.js';
import { isWords, unreadAfter } from './lines.js';

export const ROLES = ['guest', 'member', 'voice', 'operator', 'owner', 'moderator', 'admin'];

/** How high a role stands. @param {string} role */
export const rank = (role) => ROLES.indexOf(role);

/** @returns {State} */
export const blank = () => ({
  phase: 'starting', house: {}, me: { nick: '', account: '', role: '' }, places: record(), current: '', watching: '',
  rooms: [], prompt: null,
});

/** The key of a private conversation; a room's is its own. @param {string} nick */
export const talkKey = (nick) => `@${fold(nick)}`;

/** @param {'room'|'talk'} kind @param {string} name @param {Partial<Place>} [more] @returns {Place} */
export function newPlace(kind, name, more = {}) {
  return {
    token: Symbol('a place'), key: kind === 'talk' ? talkKey(name) : fold(name), kind, name: clean(name), topic: '', role: '', joined: kind === 'talk',
    members: record(), people: 0, whole: true, upTo: null, lines: [], signs: {}, more: true, atEnd: true, loaded: false, last: 0, read: 0, mark: 0, unread: 0,
    mentions: 0, typing: record(), ...more,
  };
}

/** A state with one place changed. @param {State} state @param {string} key @param {Partial<Place>} changes */
export function withPlace(state, key, changes) {
  const place = state.places[key];
  return place ? { ...state, places: record(state.places, { [key]: { ...place, ...changes } }) } : state;
}

/** A place with its unread lines counted again. @param {Place} place @param {string} me */
export function counted(place, me) {
  const unread = unreadAfter(place.lines, place.read);
  const fresh = place.lines.filter((line) => line.id > place.read && isWords(line) && !line.own && !line.gone);
  const called = place.kind === 'talk' ? unread : fresh.filter((line) => mentions(line.text, me)).length;
  return { ...place, unread, mentions: called };
}

/** What one may do in a place: one's role there, or in the house if that is higher. @param {State} state */
export function roleIn(state, place) {
  const here = place?.role ?? '';
  return rank(state.me.role) > rank(here) && rank(state.me.role) >= rank('moderator') ? state.me.role : here;
}

/** Places in the order of the list: rooms by name, then conversations by the latest. @param {State} state */
export function ordered(state) {
  const all = Object.values(state.places);
  const rooms = all.filter((each) => each.kind === 'room').sort((a, b) => (a.key < b.key ? -1 : 1));
  const talks = all.filter((each) => each.kind === 'talk').sort((a, b) => b.last - a.last);
  return [...rooms, ...talks];
}
