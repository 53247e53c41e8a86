/**
 * Who is in a room, as far as one knows. Rule: pure; of a crowd only those are known whom one has looked at, down to a
 * place in the list, and how many there are.
 *
 * @typedef {import('./state.js').Member} Member
 */
import { clean, fold, record } from './text.js';

const STANDS = ['', 'voice', 'operator', 'owner'];

/** The order of the list: those who keep order first, then by name. @param {Member} a @param {Member} b */
export function inOrder(a, b) {
  const [left, right] = [fold(a.nick), fold(b.nick)];
  return STANDS.indexOf(b.role) - STANDS.indexOf(a.role) || (left < right ? -1 : Number(left > right));
}

/** Members as a record by folded nick. @param {Member[]} members @param {Record<string, Member>} [known] */
export function byNick(members, known = {}) {
  const found = record(known);
  for (const each of members ?? []) found[fold(each.nick)] = { ...each, nick: clean(each.nick), away: clean(each.away) };
  return found;
}

/** How many are there. @param {import('./state.js').Place} place */
export const peopleIn = (place) => (place.whole ? Object.keys(place.members).length : place.people);

/** Whether someone stands in the part of the list that is known. */
const isKnownPart = ({ whole, upTo }, member) => whole || (upTo !== null && inOrder(member, upTo) <= 0);

/** What an answer that begins the list says. @param {{members?: Member[], total?: number}} answer */
export function startOf({ members = [], total = members.length }) {
  return { members: byNick(members), people: total, whole: members.length >= total, upTo: members.at(-1) ?? null };
}

/** A page of the list, behind what is known. @param {import('./state.js').Place} place */
export function withMore(place, { members = [], total = 0, more = false }) {
  return { members: byNick(members, place.members), people: total, whole: !more, upTo: members.at(-1) ?? place.upTo };
}

/**
 * One member has changed, come (`change` gives one where there was none) or gone (it gives null).
 * @param {import('./state.js').Place} place @param {number} by how many more there are now, if the list is not whole
 */
export function withChange(place, nick, change, by = 0) {
  const members = record(place.members);
  const next = change(members[fold(nick)]);
  delete members[fold(nick)];
  if (next && isKnownPart(place, next)) members[fold(next.nick)] = next;
  return { members, people: Math.max(0, place.people + by) };
}
