/** The status page and the moderators' page, of a real house in a real browser. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { installed } from './browser.mjs';

const at = (path) => import(`../../src/teahouse/protocols/web/static/status/${path}.js`);
const { count, late, size, span } = await at('words');
const { ceiling } = await at('svg');
const PROGRAM = process.env.TEAHOUSE ?? fileURLToPath(new URL('../../.venv/bin/teahouse', import.meta.url));
const skip = (!installed() && 'playwright-core is not installed') || (!existsSync(PROGRAM) && 'the house is not installed');
const NASTY = '<img/src=x/onerror=document.title=1>';
const ROOM = 'snug';
const house = { folder: '', process: null, web: '', line: 0, browser: null };

test('numbers are said as the server says them', () => {
  assert.deepEqual([count(12345), size(0), size(61130000), late(0.41), late(1240), span(0), span(61), span(273604)],
    ['12,345', '0 B', '58.3 MiB', '0.4 ms', '1.2 s', '0 seconds', '1 minute 1 second', '3 days 4 hours']);
});

test('an axis ends at a round number that is high enough', () => {
  for (const value of [0, 0.3, 1, 7, 19, 501, 99999]) {
    const top = ceiling(value);
    assert.ok(top >= value && top <= Math.max(1, value * 2.5), `${value} → ${top}`);
  }
  assert.equal(ceiling(60 * 2 ** 20, 1024, 2), 64 * 2 ** 20);
  assert.equal(ceiling(900 * 2 ** 20, 1024, 2), 2 ** 30);
});

before(async () => {
  if (skip) return;
  house.folder = mkdtempSync(join(tmpdir(), 'teahouse-'));
  const data = ['--data', house.folder];
  execFileSync(PROGRAM, ['account', 'add', 'ann', '--role', 'moderator', ...data], { input: 'green tea pot\n' });
  writeFileSync(join(house.folder, 'house.toml'), `[house]\nname = "${NASTY}"\n[listen]\ntelnet = []\nirc = []\nline = ["0"]\nweb = ["0"]\n[limits]\nflood_burst = 200\n`);
  house.process = spawn(PROGRAM, ['serve', '--config', join(house.folder, 'house.toml'), ...data]);
  let said = '';
  await new Promise((done, fail) => {
    house.process.on('exit', () => fail(new Error(said)));
    for (const out of [house.process.stdout, house.process.stderr]) {
      out.on('data', (text) => {
        said += text;
        if (/http:\/\/localhost/u.test(said) && /nc localhost/u.test(said)) done();
      });
    }
  });
  house.web = said.match(/http:\/\/localhost:\d+\//u)[0];
  house.line = Number(said.match(/nc localhost (\d+)/u)[1]);
  house.browser = await installed().load().chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
});

after(async () => {
  await house.browser?.close();
  house.process?.removeAllListeners('exit');
  house.process?.kill();
  if (house.folder) rmSync(house.folder, { recursive: true, force: true });
});

/** Someone on the plain line, who says these lines. */
async function guest(nick, ...lines) {
  const socket = createConnection(house.line, '127.0.0.1');
  let heard = '';
  socket.on('data', (data) => { heard += data; });
  socket.on('error', () => {});
  for (const line of [`login ${nick}`, ...lines, '/ping over']) socket.write(`${line}\r\n`);
  while (!heard.includes('over')) await new Promise((done) => { socket.once('data', done); });
  return socket;
}

const run = (name, options, body) => test(name, { skip, timeout: 30_000 }, async () => {
  const context = await house.browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(6000);
  const troubles = [];
  page.on('console', (message) => message.type() === 'error' && !/status of 40[13]/u.test(message.text()) && troubles.push(message.text()));
  page.on('pageerror', (error) => troubles.push(error.stack));
  page.on('request', (request) => request.url().startsWith(house.web) || troubles.push(`asks elsewhere: ${request.url()}`));
  await body(page);
  assert.deepEqual(troubles, []);
  await context.close();
});

async function signIn(page) {
  await page.goto(`${house.web}admin`);
  await page.fill('[name=name]', 'ann');
  await page.fill('[name=password]', 'green tea pot');
  await page.press('[name=password]', 'Enter');
  await page.getByText('ann, moderator.').waitFor();
}

run('the status page is alive, and its names are text', {}, async (page) => {
  const amy = await guest('amy', `/join ${ROOM}`);
  await page.goto(`${house.web}status`);
  await page.locator('.plot svg').first().waitFor();
  assert.equal(await page.locator('.plot svg[role=img][aria-label]').count(), 6);
  assert.equal(await page.locator('#rooms th', { hasText: ROOM }).count(), 1);
  const bob = await guest('bob', 'hello');
  await page.locator('[data-tile=people] b', { hasText: /^2$/u }).waitFor();
  await page.getByText('The last hour as a table').click();
  await page.getByRole('cell', { name: 'KiB' }).or(page.getByRole('cell', { name: 'MiB' })).first().waitFor();
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByText('not asked again').waitFor();
  assert.equal(await page.title(), `${NASTY}: status`);
  amy.destroy();
  bob.destroy();
});

run('without a script the numbers are there', { javaScriptEnabled: false }, async (page) => {
  await page.goto(`${house.web}status`);
  assert.match(await page.locator('[data-tile=memory] b').innerText(), /MiB/u);
  assert.equal(await page.locator('#pause').isVisible(), false);
});

run('a moderator settles, bans, lifts, filters, locks and looks it up', {}, async (page) => {
  const troll = await guest('troll', `${NASTY} casino`);
  const amy = await guest('amy', '/report troll spam');
  await page.goto(`${house.web}admin`);
  await page.fill('[name=name]', 'ann');
  await page.fill('[name=password]', 'wrong');
  await page.press('[name=password]', 'Enter');
  await page.getByText('do not belong together').waitFor();
  await signIn(page);
  const told = (text) => page.locator('#told p', { hasText: text }).waitFor();
  await page.locator('.said', { hasText: NASTY }).waitFor();
  await page.getByRole('button', { name: 'Ban or silence troll' }).click();
  await page.getByRole('button', { name: 'Ban', exact: true }).click();
  await told('1 person put out: troll');
  await page.getByLabel(/^Note on report/u).fill('out for an hour');
  await page.getByRole('button', { name: /^Settle/u }).click();
  await told('is settled');
  await page.getByText('Nothing waits.').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H2');
  await page.getByRole('button', { name: 'Lift the ban of troll' }).click();
  await told('off the list');
  await page.getByLabel('Words', { exact: true }).fill('casino');
  await page.getByRole('button', { name: 'Add' }).click();
  await told('has a filter now');
  await page.getByRole('switch', { name: 'Lockdown' }).click();
  await told('takes no new guests');
  await page.getByRole('switch', { name: 'Lockdown', checked: true }).click();
  await told('The house is open');
  await page.getByLabel('Who').fill('*!*@*');
  await page.getByRole('button', { name: 'Only listen' }).click();
  await told('is about you, too');
  await page.getByLabel('What', { exact: true }).fill('houseban');
  await page.getByRole('button', { name: 'Show' }).click();
  await page.locator('.acts tbody tr:only-child', { hasText: 'troll' }).waitFor();
  await page.reload();
  await page.getByText('ann, moderator.').waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.locator('.door').waitFor();
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  amy.destroy();
  troll.destroy();
});

for (const colorScheme of ['light', 'dark']) {
  for (const width of [1280, 360]) {
    run(`nothing is in axe's way, nor wider than ${width} (${colorScheme})`, { colorScheme, viewport: { width, height: 740 }, bypassCSP: true, reducedMotion: 'reduce' }, async (page) => {
      const look = async (name) => {
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} is too wide`);
        const axe = installed('axe-core');
        if (!axe) return;
        await page.addScriptTag({ path: axe.path });
        const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
        assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]), [], name);
      };
      await page.goto(`${house.web}status`);
      await page.locator('.plot svg').first().waitFor();
      await page.getByText('The last hour as a table').click();
      await look('status');
      await page.goto(`${house.web}admin`);
      await page.locator('.door').waitFor();
      await look('the door');
      await signIn(page);
      await page.locator('.acts tbody tr').first().waitFor();
      await look('moderation');
    });
  }
}
