/** Hostile text through every field of every event, in a real browser: no element of its making, nothing runs. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { enter, installed, open } from './browser.mjs';

const CORPUS = JSON.parse(await readFile(new URL('xss.json', import.meta.url), 'utf8'));
const ALLOWED = new Set('html head meta title link script body main nav header aside div span section article form fieldset label input textarea button select option ul ol li dl dt dd h1 h2 h3 p a b q small code kbd time table caption thead tbody tr th td dialog noscript'.split(' '));
const ATTRIBUTES = /^(?:aria-.*|data-.*|class|id|type|role|tabindex|title|dir|href|target|rel|datetime|hidden|inert|open|for|name|rows|autocomplete|autocapitalize|spellcheck|enterkeyhint|maxlength|multiple|placeholder|disabled|required|scope|content|charset|media|src|lang|value|selected|autofocus)$/u;
/** So few of these that all of their lines are on the page together: what is drawn no more was looked at before. */
const AT_ONCE = 10;

/** Every kind of event, with this text wherever a text can stand. */
function* events(text, at) {
  const who = text;
  const base = { room: 'lobby', plain: text, account: text, userhost: text };
  yield { ...base, type: 'said', who, text };
  yield { ...base, type: 'said', who: 'amy', text, manner: text, reply_to: at };
  yield { ...base, type: 'said', who: 'amy', text: `see https://x.example/${text} ann ${text}` };
  yield { ...base, type: 'emoted', who, text };
  yield { ...base, type: 'whispered', room: '', who, to: 'ann', text };
  yield { ...base, type: 'entered', who, away: text, bot: true };
  yield { ...base, type: 'topicchanged', who, topic: text };
  yield { ...base, type: 'rolechanged', who, nick: text, role: 'operator', before: text };
  yield { ...base, type: 'renamed', room: '', who, nick: `${text}2` };
  yield { ...base, type: 'awaychanged', room: '', who: `${text}2`, text };
  yield { ...base, type: 'typing', who, state: 'active' };
  yield { ...base, type: 'reacted', who, target: at, sign: text };
  yield { ...base, type: 'edited', who, target: at, text };
  yield { ...base, type: 'deleted', who, targets: [at + 1], author: text, reason: text };
  yield { ...base, type: 'notice', room: '', text };
  yield { ...base, type: 'announced', room: '', who, text };
  yield { ...base, type: 'failed', room: '', code: text, text, command: text };
  yield { ...base, type: 'table', room: '', title: text, columns: [text], rows: [[text, text]] };
  yield { ...base, type: 'replayed', room: '', title: text, events: [{ ...base, type: 'said', who, text }] };
  yield { ...base, type: text, anything: text };
  yield { ...base, type: 'quit', room: '', who: `${text}2`, reason: text };
}

test('nothing that people write becomes markup', { skip: !installed() && 'playwright-core is not installed', timeout: 90_000 }, async () => {
  const { site, house, page, troubles, close } = await open();
  try {
    await enter(page, site.url);
    const session = [...house.sessions.values()].find((each) => each.nick === 'ann');
    const look = () => page.evaluate(() => [...document.querySelectorAll('*')].map((element) => [
      element.localName, element.namespaceURI, [...element.attributes].map(({ name, value }) => [name, value])]));
    for (const [number, text] of CORPUS.entries()) {
      const at = house.say('lobby', 'amy', text).id;
      house.say('lobby', 'amy', text);
      for (const event of events(text, at)) session.push(house.stamp(event));
      house.room(`r${at}`, text, text);
      if (number % AT_ONCE && text !== CORPUS.at(-1)) continue;
      const { id } = house.say('lobby', 'amy', 'so far');
      await page.waitForSelector(`[data-id="${id}"]`, { state: 'attached' });
      assert.equal(await page.evaluate((first) => document.querySelector(`[data-id="${first}"]`) !== null, at), true);
      check(await look());
    }
    session.push(house.stamp({ type: 'prompt', text: CORPUS[1], plain: CORPUS[1] }));
    await page.waitForSelector('dialog[open]');
    for (const open_ of [null, 'Search', 'Find or make a room', 'Settings', 'Help and shortcuts']) {
      if (open_) {
        await page.keyboard.press('Escape');
        await page.getByRole('button', { name: open_, exact: true }).click();
        await page.waitForSelector('dialog[open]');
      }
      check(await look());
    }
    await page.keyboard.press('Escape');
    assert.equal(await page.evaluate(() => document.querySelectorAll('[data-id]').length > 100), true);
    assert.equal(await page.evaluate(() => /[\u202a-\u202e\u2066-\u2069\u001b]/u.test(document.body.textContent)), false);
    assert.deepEqual(troubles, []);
  } finally {
    await close();
  }
});

function check(elements) {
  for (const [name, space, attributes] of elements) {
    assert.ok(ALLOWED.has(name) && space === 'http://www.w3.org/1999/xhtml', `<${name}>`);
    for (const [attribute, value] of attributes) {
      assert.match(attribute, ATTRIBUTES);
      if (name === 'a') assert.match(attributes.find(([each]) => each === 'href')[1], /^(?:https?:|#write)/u);
      if (name === 'script') assert.ok(attribute !== 'src' || value === 'app/main.js');
    }
  }
}
