/** A house and a browser for one file of tests. Rule: opened once, closed even when a test fails. */
import { after, before, test } from 'node:test';
import { RealHouse } from './house.mjs';
import { IrcPerson, LinePerson } from './people.mjs';
import { Visitor, launch } from './visitor.mjs';

/** @param {string} [config] what the house has in its configuration besides */
export function evening(config = '') {
  const all = { house: null, browser: null };
  before(async () => {
    all.house = await RealHouse.open(config);
    all.browser = await launch();
  });
  after(async () => {
    await all.browser?.close();
    await all.house?.close();
  });

  /** A test whose visitors are kept in a picture when it fails, and leave at its end; `expected`: troubles that it makes. */
  const run = (name, body, { timeout = 90_000, expected = null } = {}) => test(name, { timeout }, async () => {
    const guests = [];
    const come = async (options = {}) => {
      const visitor = await Visitor.arrives(all.browser, options.url ?? all.house.url, options);
      guests.push(visitor);
      return visitor;
    };
    const others = [];
    const met = async (kind, ...words) => {
      const person = await kind.comes(all.house, ...words);
      others.push(person);
      return person;
    };
    try {
      await body({ ...all, come, line: (nick) => met(LinePerson, nick), irc: (...words) => met(IrcPerson, ...words) });
    } catch (error) {
      for (const [at, each] of guests.entries()) await each.shows(`failed-${name.replace(/\W+/gu, '-')}-${at}`).catch(() => {});
      for (const each of guests) await each.context.close().catch(() => {});
      if (guests.some((each) => each.troubles.length)) error.message += `\n${guests.flatMap((each) => each.troubles).join('\n')}`;
      throw error;
    } finally {
      for (const each of others) each.leaves();
    }
    for (const each of guests) await each.leaves(expected);
  });
  return { run, all };
}
