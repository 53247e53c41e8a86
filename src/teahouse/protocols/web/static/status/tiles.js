/** The numbers on top. Rule: pure; the same words as the page has without a script. */
import { count, late, many, size, span } from './words.js';

/** @returns {Record<string, [string, string]>} number and note, by tile */
export function tiles({ people, messages, since, uptime, requests, memory, connections, lateness, waiting, rooms }) {
  return {
    people: [count(people.here), `${count(people.account)} with an account, ${count(people.guest)} guests, ${count(people.bot)} bots; at most ${count(people.most)}`],
    messages: [count(messages), 'since the house opened'],
    uptime: [span(uptime), `since ${since.slice(0, 10)} ${since.slice(11, 16)} UTC`],
    requests: [count(requests), 'over HTTP, since it opened'],
    memory: [size(memory), many(connections, 'connection')],
    lateness: [late(lateness.p99), `99 of 100 calls; half within ${late(lateness.p50)}`],
    waiting: [waiting.turns ? many(waiting.turns, 'turn') : 'nothing', `${size(waiting.bytes)} to slow readers`],
    rooms: [count(rooms.all), 'those that are not hidden'],
  };
}
