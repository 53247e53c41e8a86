/** By keyboard alone; and nothing for axe to find on any page, in both schemes, at both widths. The pictures are kept. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { evening } from './evening.mjs';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const { run, all } = evening('[limits]\nflood_lines = 0\n');

/** What axe finds here; the site's policy stays as it is. */
async function check(visitor, where) {
  await visitor.page.evaluate(AXE);
  const { violations } = await visitor.page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  assert.deepEqual(violations.map(({ id, nodes }) => [where, id, ...nodes.slice(0, 3).map(({ html, failureSummary }) => `${html} ${failureSummary}`)]), []);
}

run('a whole conversation by keyboard alone', async ({ house, come, line }) => {
  const tess = await line('tess');
  const { page, ...kim } = await come();
  const press = (...keys) => keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
  const write = (text) => page.keyboard.type(text);
  const focused = (selector) => page.waitForFunction((wanted) => document.activeElement.matches(wanted), selector);
  await focused('#nick');
  await write('kim');
  await press('Enter');
  await focused('#write');
  await press('Control+k');
  await focused('dialog input');
  await write('loft');
  await press('Enter');
  await page.getByRole('heading', { name: 'loft', exact: true }).waitFor();
  await focused('#write');
  tess.says('/join loft', 'can you do without a mouse?');
  await page.locator('[data-id]', { hasText: 'without a mouse' }).waitFor();
  await write('t');
  await press('Tab');
  assert.equal(await page.inputValue('#write'), 'tess: ');
  await write('yes');
  await press('Enter');
  await tess.sees('kim: tess: yes');
  await page.locator('.own').waitFor();
  await press('ArrowUp', 'End');
  await write(', all of it');
  await press('Enter');
  await page.getByText('(edited)').first().waitFor();
  await press('F6', 'F6');
  await focused('.scroller');
  await press('ArrowUp', 'ArrowUp');
  await focused('[data-id]');
  await press('r');
  await focused('#write');
  await write('truly');
  await press('Enter');
  await page.locator('button.quote').waitFor();
  await page.locator('#log').focus();
  await press('ArrowUp', '+');
  await focused('.emoji button');
  await press('Enter');
  await page.locator('.sign.mine').waitFor();
  await press('Escape');
  await focused('#write');
  await press('F6', 'F6', 'F6');
  await focused('.member');
  await press('End');
  await press('Enter');
  await page.locator('dialog').getByRole('heading', { name: 'tess', exact: true }).waitFor();
  await page.locator('dialog').getByRole('button', { name: 'Message' }).focus();
  await press('Enter');
  await page.getByRole('heading', { name: 'tess', exact: true }).waitFor();
  await focused('#write');
  await write('between us');
  await press('Enter');
  await tess.sees('between us');
  await press('Alt+ArrowUp');
  await page.getByRole('heading', { name: 'loft', exact: true }).waitFor();
  await write('/topic no');
  await press('Enter');
  await tess.sees('no');
  await press('?');
  await page.locator('#log').focus();
  await press('?');
  await page.getByRole('heading', { name: 'Help', exact: true }).waitFor();
  await press('Escape');
  assert.deepEqual(kim.troubles, []);
  assert.ok(house);
});

/** Some life in the lobby, once. */
async function furnished(line, irc) {
  const [amy, bob, ivo] = [await line('amy'), await line('bob'), await irc('ivo')];
  ivo.client.join('#lobby');
  amy.says('Good morning! I have just put the kettle on.', 'There is a new first flush, if anyone would like to try it :)', '/topic Tea of the day: Darjeeling, first flush');
  await amy.sees('first flush');
  bob.says('Oh yes. Is that the one from https://example.org/darjeeling (the 2026 list)?', '/me pours two cups');
  await amy.sees('pours two cups');
  amy.says('The very same. `95 °C`, three minutes, no more.');
  ivo.says('#lobby', 'I would let it stand a little longer, to be honest. Four minutes and a half, with the small pot, and then pour it all at once so that nothing goes bitter while people are still talking.');
  await amy.sees('still talking');
  bob.says('/away gone for a walk');
}

for (const scheme of ['light', 'dark']) {
  for (const [width, height] of [[1280, 800], [360, 740]]) {
    run(`axe finds nothing, ${scheme}, ${width} px`, async ({ come, line, irc }) => {
      const visitor = await come({ width, height, scheme, reducedMotion: 'reduce' });
      const { page } = visitor;
      const look = async (where) => {
        await visitor.shows(`${where}-${width}-${scheme}`);
        await check(visitor, where);
      };
      await page.locator('#nick').waitFor();
      await look('door');
      await page.locator('label:has([value=login])').click();
      await page.fill('#nick', 'nobody');
      await page.fill('#password', 'not it');
      await page.click('button.primary');
      await page.locator('.problem:not(:empty)').waitFor();
      await look('door-wrong');
      const nick = `zoe${scheme[0]}${width}`;
      await furnished(line, irc);
      await visitor.enters(nick);
      await visitor.says('/join lounge');
      await page.getByRole('heading', { name: 'lounge', exact: true }).waitFor();
      await look('empty-room');
      if (width < 700) {
        await page.getByRole('button', { name: 'Rooms', exact: true }).click();
        await look('rooms-drawer');
      }
      await visitor.goes('lobby');
      await visitor.says('amy: may I have a cup?');
      await visitor.does('React', 'kettle');
      await page.locator('.emoji button').first().waitFor();
      await look('emoji');
      await page.locator('.emoji button').nth(2).click();
      await visitor.does('Reply', 'new first flush');
      await visitor.says('I would love to');
      await page.locator('.own button.quote').waitFor();
      await look('room');
      if (width < 1024) {
        await page.getByRole('button', { name: 'Members' }).click();
        await look('members-drawer');
        await page.keyboard.press('Escape');
      }
      for (const [name, where] of [['Search', 'search'], ['Settings', 'settings'], ['Find or make a room', 'rooms'], ['Help and shortcuts', 'help']]) {
        const button = page.getByRole('button', { name, exact: true });
        if (!(await button.isVisible())) {
          if (name === 'Help and shortcuts') continue;
          await page.getByRole('button', { name: 'Rooms', exact: true }).click();
        }
        await button.click();
        await page.locator('dialog[open]').waitFor();
        if (where === 'search') {
          await page.keyboard.type('flush');
          await page.keyboard.press('Enter');
          await page.locator('dialog .result').first().waitFor();
        }
        await look(where);
        await page.getByRole('button', { name: 'Close', exact: true }).click();
        if (await page.locator('#app').getAttribute('data-shade') === 'true') await page.keyboard.press('Escape');
      }
      await page.locator('.scroller .who', { hasText: 'amy' }).first().click();
      await page.locator('dialog[open]').waitFor();
      await look('person');
      await page.getByRole('button', { name: 'Report…' }).click();
      await page.locator('dialog.ask').waitFor();
      await look('report');
      await page.getByRole('button', { name: 'Cancel' }).click();
      await page.waitForFunction(() => !document.querySelector('dialog'));
      await page.locator('#write').click();
      await page.fill('#write', '/');
      await page.locator('.choices li').first().waitFor();
      await look('commands');
      await page.fill('#write', '');
      await visitor.says('/nonsense');
      await visitor.says('/who');
      await page.locator('table').last().waitFor();
      await look('answers');
      for (const where of ['status', 'admin']) {
        const answer = await page.goto(`${all.house.url}${where}`);
        if (answer.status() === 404) continue;
        await page.locator('main').waitFor();
        await look(where);
      }
    }, { expected: /404/u });
  }
}
