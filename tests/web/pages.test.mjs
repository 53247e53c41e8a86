/** Whole conversations in a browser, against the fake house. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { enter, installed, open } from './browser.mjs';
import { furnish } from './fake/company.mjs';

const skip = !installed() && 'playwright-core is not installed';
const run = (name, options, body) => test(name, { skip, timeout: 90_000 }, async () => {
  const all = await open(options);
  all.page.setDefaultTimeout(20_000);
  try {
    await body(all);
    assert.deepEqual(all.troubles, []);
  } catch (error) {
    if (process.env.SHOTS) await all.page.screenshot({ path: `${process.env.SHOTS}/failed-${Date.now()}.png` });
    throw error;
  } finally {
    await all.close();
  }
});
function crowded(house) {
  furnish(house);
  for (let at = 0; at < 300; at += 1) house.robot(`p${at}x`, ['lobby']);
}
async function goes(page, room) {
  await page.keyboard.press('Control+k');
  await page.locator('dialog input').fill(room);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: room, exact: true, level: 1 }).waitFor();
}
const last = (page) => page.locator('.scroller [data-id]').last();

run('a guest comes in, talks, corrects, reacts, takes back', {}, async ({ page, site, house }) => {
  await enter(page, site.url, 'zoe', '');
  await page.fill('#write', 'hello :tea: b');
  await page.press('#write', 'Tab');
  assert.equal(await page.inputValue('#write'), 'hello :tea: bob ');
  await page.press('#write', 'Enter');
  await page.getByText('hello 🍵 bob').first().waitFor();
  await page.press('#write', 'ArrowUp');
  await page.fill('#write', 'hello again');
  await page.press('#write', 'Enter');
  await page.getByText('(edited)').first().waitFor();
  await last(page).focus();
  await page.keyboard.press('+');
  await page.locator('.emoji button').first().click();
  await page.locator('.sign.mine').waitFor();
  await last(page).focus();
  await page.keyboard.press('Delete');
  await page.getByRole('button', { name: 'Take back' }).click();
  await page.getByText('Taken back').first().waitFor();
  await page.fill('#write', 'fail');
  await page.press('#write', 'Enter');
  await page.getByText('You are muted here').first().waitFor();
  await page.getByRole('button', { name: 'Throw away' }).click();
  house.say('lobby', 'bob', 'zoe: one for you', { reply_to: house.id });
  await page.locator('.line.called').waitFor();
});

run('private messages, prompts, tables, strange events, a room with a password', {}, async ({ page, site, house }) => {
  await enter(page, site.url);
  await page.getByRole('button', { name: /Private with amy/u }).click();
  await page.getByText('Shall we keep a seat').first().waitFor();
  await page.fill('#write', 'Gladly');
  await page.press('#write', 'Enter');
  await page.locator('.own', { hasText: 'Gladly' }).waitFor();
  house.whisper('carl', 'ann', 'are you there?');
  await page.getByRole('button', { name: /Private with carl ?1 for you/u }).waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('button', { name: /Secret/u }).click();
  await page.locator('dialog input[type=password]').fill('sesame');
  await page.getByRole('button', { name: 'Go in' }).click();
  await page.getByRole('heading', { name: 'Secret', exact: true }).waitFor();
  for (const line of ['/who', '/strange', '/password']) {
    await page.fill('#write', line);
    await page.press('#write', 'Escape');
    await page.press('#write', 'Enter');
  }
  assert.equal(await page.locator('dialog input').getAttribute('type'), 'password');
  await page.keyboard.type('teatime2');
  await page.keyboard.press('Enter');
  await page.getByText('Your password has been changed.').first().waitFor();
  await page.getByRole('columnheader', { name: 'nick' }).waitFor();
  await page.getByText('ann rolls 4 of 6').first().waitFor();
});

run('the past loads as one scrolls, and nothing jumps', {}, async ({ page, site }) => {
  await enter(page, site.url);
  const scroller = page.locator('.scroller');
  const count = () => page.locator('.scroller [data-id]').count();
  const before = await count();
  await scroller.evaluate((each) => { each.scrollTop = 450; });
  const mark = await page.evaluate(() => {
    const all = [...document.querySelectorAll('.scroller [data-id]')];
    const top = document.querySelector('.scroller').getBoundingClientRect().top;
    const line = all.find((each) => each.getBoundingClientRect().bottom > top);
    return { id: line.dataset.id, at: line.getBoundingClientRect().top };
  });
  await page.waitForFunction((was) => document.querySelectorAll('.scroller [data-id]').length > was, before);
  const now = await page.evaluate((id) => document.querySelector(`[data-id="${id}"]`).getBoundingClientRect().top, mark.id);
  assert.ok(Math.abs(now - mark.at) < 2, `it moved by ${now - mark.at}`);
  await page.waitForFunction(() => {
    document.querySelector('.scroller').scrollTop = 0;
    return document.querySelector('.above').textContent.endsWith('This is where it begins.');
  });
  assert.ok(await count() <= 400);
  await page.locator('.jump').click();
  await page.getByText('one is for you').first().waitFor();
});

run('a broken connection loses no word, and says nothing twice', {}, async ({ page, site, house }) => {
  await enter(page, site.url);
  site.state.deaf = true;
  for (const link of site.links) link.cut();
  house.say('lobby', 'bob', 'said while you were away');
  await page.fill('#write', 'written without a connection');
  await page.press('#write', 'Enter');
  await page.getByText('goes out when the connection is back').first().waitFor();
  await page.getByText('The connection is lost').first().waitFor();
  site.state.deaf = false;
  await page.getByRole('button', { name: 'Try now' }).click({ timeout: 1500 }).catch(() => {}); // it may have tried by itself
  await page.getByText('said while you were away').first().waitFor();
  await page.getByText('Nothing was lost').first().waitFor();
  await page.locator('.own', { hasText: 'written without' }).waitFor();
  assert.equal(house.rooms.get('lobby').events.filter((each) => each.text === 'written without a connection').length, 1);
  assert.equal(house.heard.filter((each) => each.do === 'login').length, 1);
});

run('a house that was started again finds one where one was', {}, async ({ page, site, house }) => {
  await enter(page, site.url);
  site.state.deaf = true;
  for (const link of site.links) link.cut();
  house.sessions.clear();
  for (const room of house.rooms.values()) room.members.delete('ann');
  for (let i = 0; i < 5; i += 1) house.say('lobby', 'bob', `missed ${i}`);
  await page.fill('#write', 'kept');
  await page.press('#write', 'Enter');
  await page.getByText('The connection is lost').first().waitFor();
  site.state.deaf = false;
  await page.getByRole('button', { name: 'Try now' }).click({ timeout: 1500 }).catch(() => {}); // it may have tried by itself
  await page.locator('.own', { hasText: 'kept' }).waitFor();
  for (let i = 0; i < 5; i += 1) assert.equal(await page.getByText(`missed ${i}`).count(), 1);
  assert.equal(house.rooms.get('lobby').events.filter((each) => each.text === 'kept').length, 1);
});

run('a page that is loaded again goes on; a draft is still there', {}, async ({ page, site, house }) => {
  await enter(page, site.url, 'zoe', '');
  await page.fill('#write', 'half a thou');
  await page.reload();
  await page.waitForSelector('#app:not([hidden]) .scroller [data-id]');
  assert.equal(await page.inputValue('#write'), 'half a thou');
  assert.equal(house.heard.filter((each) => each.do === 'login').length, 1);
});

run('a remembered login, settings, and signing out', {}, async ({ page, site, context }) => {
  await page.goto(site.url);
  await page.locator('label:has([value=login])').click();
  await page.fill('#nick', 'ann');
  await page.fill('#password', 'wrong');
  await page.click('button.primary');
  await page.getByText('do not belong together').first().waitFor();
  await page.fill('#password', 'teatime1');
  await page.locator('label.check').click();
  await page.click('button.primary');
  await page.waitForSelector('.scroller [data-id]');
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByLabel('Colours').selectOption('dark');
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).colorScheme), 'dark');
  const other = await context.newPage();
  await other.goto(site.url);
  await other.waitForSelector('#app:not([hidden]) .scroller [data-id]');
  await other.close();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByText('You have signed out.').first().waitFor();
  await page.reload();
  await page.waitForSelector('#nick');
});

run('by keyboard alone: rooms, search, members, help', {}, async ({ page, site }) => {
  await enter(page, site.url);
  await page.keyboard.press('Control+k');
  await page.waitForSelector('dialog[open] .result');
  await page.keyboard.type('tea');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Tea', exact: true }).waitFor();
  await page.keyboard.press('Alt+ArrowUp');
  await page.getByRole('heading', { name: 'Lobby', exact: true }).waitFor();
  await page.keyboard.press('Control+Shift+f');
  await page.waitForSelector('dialog[open]');
  await page.keyboard.type('Round 3');
  await page.keyboard.press('Enter');
  await page.locator('.results .result').first().focus();
  await page.keyboard.press('Enter');
  await page.locator('.line.found', { hasText: 'Round 3' }).waitFor();
  await page.keyboard.press('Escape');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'write');
  const visited = [];
  for (let i = 0; i < 4; i += 1) {
    await page.keyboard.press('F6');
    visited.push(await page.evaluate(() => document.activeElement.closest('nav, main, aside')?.id));
  }
  assert.deepEqual(visited, ['places', 'talk', 'members', 'talk']);
  await page.keyboard.press('F6');
  await page.keyboard.press('?');
  await page.getByRole('heading', { name: 'Help' }).waitFor();
});

run('a crowd: counted, listed as one scrolls, found by its first letters', { prepare: crowded }, async ({ page, site, house }) => {
  await enter(page, site.url, 'zoe', '');
  await page.getByRole('heading', { name: 'Members · 306' }).waitFor();
  const members = page.locator('.member');
  await members.nth(4).waitFor();
  assert.equal(await members.first().textContent(), 'Aamy');
  assert.ok(await members.count() < 306);
  await page.locator('#members').evaluate(async (list) => {
    for (let at = 0; at < 100 && list.querySelectorAll('.member').length < 306; at += 1) {
      list.scrollTop = list.scrollHeight;
      await new Promise((done) => { setTimeout(done, 50); });
    }
  });
  assert.equal(await members.count(), 306);
  house.rooms.get('lobby').members.delete('p150x');
  house.publish({ type: 'left', room: 'lobby', who: 'p150x', plain: 'p150x has left the room.' });
  await page.getByRole('heading', { name: 'Members · 305' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Members · 305' }).waitFor();
  await page.getByRole('searchbox', { name: 'Find a member' }).fill('p28');
  await page.waitForFunction(() => document.querySelectorAll('.member').length === 11);
  await page.fill('#write', 'hello p29');
  await page.press('#write', 'Tab');
  await page.waitForFunction(() => document.querySelector('#write').value === 'hello p290x ');
});

run('a link to a line opens at that line', { permissions: ['clipboard-read', 'clipboard-write'] }, async ({ page, site, house }) => {
  await enter(page, site.url);
  const old = house.rooms.get('tea').events[2];
  await goes(page, 'Tea');
  await page.locator('[data-id]', { hasText: 'Round 29.' }).focus();
  await page.keyboard.press('l');
  await page.locator('.toast', { hasText: 'copied' }).waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(link, `${site.url}#tea/${house.rooms.get('tea').events.at(-1).id}`);
  house.say('tea', 'amy', `Remember ${link.replace(/\d+$/u, old.id)} ?`);
  await page.locator('.scroller a').click();
  await page.locator('.line.found', { hasText: old.text }).waitFor();
  assert.equal(page.context().pages().length, 1);
  await goes(page, 'Lobby');
  for (const [to, text] of [[`#tea/${old.id}`, old.text], [`#lobby/${house.rooms.get('lobby').events[9].id}`, '']]) {
    await page.goto('about:blank');
    await page.goto(site.url + to);
    await page.locator('.line.found', { hasText: text }).waitFor();
    assert.equal(page.url(), site.url);
  }
  for (const [hash, said] of [['#nowhere/5', 'There is no room'], ['#tea/5000000', 'not there any more']]) {
    await page.evaluate((to) => { location.hash = to; }, hash);
    await page.locator('.toast', { hasText: said }).waitFor();
  }
  assert.equal(house.rooms.has('nowhere'), false);
});

run('what waits shows in the tab, and one gets to where it begins', {}, async ({ page, site, house }) => {
  await enter(page, site.url);
  const icon = () => page.evaluate(() => document.querySelector('link[rel="icon"]').getAttribute('href'));
  assert.equal(await icon(), 'icons/logo-called.svg'); // amy has whispered
  await page.getByRole('button', { name: /^Private with amy/u }).click();
  await goes(page, 'Tea');
  await page.waitForFunction(() => document.title === 'Tea · Teahouse');
  for (let at = 0; at < 40; at += 1) house.say('lobby', 'bob', `while you were away ${at}`);
  await page.waitForFunction(() => document.title === '• Tea · Teahouse');
  assert.equal(await icon(), 'icons/logo-unread.svg');
  house.say('lobby', 'bob', 'ann: are you there?');
  await page.waitForFunction(() => document.title === '(1) Tea · Teahouse');
  await goes(page, 'Lobby');
  await page.getByRole('button', { name: '41 new since you were here ↑' }).click();
  await page.waitForFunction(() => {
    const [line, log] = ['.unread', '.scroller'].map((each) => document.querySelector(each).getBoundingClientRect());
    return line.top >= log.top && line.bottom < log.bottom;
  });
  assert.equal(await page.locator('.upwards').isVisible(), false);
  await page.getByRole('button', { name: 'To the newest ↓' }).click();
  await page.waitForFunction(() => document.title === 'Lobby · Teahouse');
});

run('on a phone: drawers, no sideways scrolling, targets of 44 px', { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, reducedMotion: 'reduce' }, async ({ page, site }) => {
  await enter(page, site.url);
  const wide = () => page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(await wide() <= 360);
  await page.getByRole('button', { name: 'Rooms', exact: true }).click();
  const small = await page.evaluate(() => [...document.querySelectorAll('nav button, header button, form button')].filter((each) => each.checkVisibility())
    .filter((each) => { const { width, height } = each.getBoundingClientRect(); return !each.matches('.topic button') && (height < 43.5 || width < 43.5); }).map((each) => each.ariaLabel ?? each.textContent));
  assert.deepEqual(small, []);
  await page.locator('.place', { hasText: 'amy' }).click();
  await page.getByText('Shall we keep').first().waitFor();
  assert.equal(await page.locator('#places').getAttribute('data-open'), 'false');
});

for (const scheme of ['light', 'dark']) {
  run(`axe finds nothing (${scheme})`, { scheme, reducedMotion: 'reduce', bypassCSP: true }, async ({ page, site }) => {
    const axe = installed('axe-core');
    if (!axe) return;
    const check = async (where) => {
      await page.addScriptTag({ path: axe.path });
      const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
      assert.deepEqual(violations.map(({ id, nodes }) => [where, id, nodes.slice(0, 3).map(({ html, failureSummary }) => `${html} ${failureSummary}`)]), []);
    };
    await page.goto(site.url);
    await page.waitForSelector('#nick');
    await check('door');
    await enter(page, site.url);
    await check('room');
    for (const name of ['Search', 'Find or make a room', 'Settings', 'Help and shortcuts', 'Emoji']) {
      await page.getByRole('button', { name, exact: true }).click();
      await page.waitForSelector('dialog[open]');
      await check(name);
      await page.keyboard.press('Escape');
    }
    await page.getByRole('button', { name: 'bob' }).last().click();
    await page.waitForSelector('dialog[open]');
    await check('person');
    await page.getByRole('button', { name: 'Ban…' }).click();
    await check('ban');
    await page.keyboard.press('Escape');
    await page.fill('#write', '/');
    await check('commands');
  });
}

run('a first visit is small', {}, async ({ page, site }) => {
  await page.goto(site.url, { waitUntil: 'networkidle' });
  await page.waitForSelector('#nick');
  const sum = (files) => files.reduce((bytes, { size }) => bytes + size, 0);
  const door = [...site.served];
  console.log(`# the door: ${door.length} requests, ${sum(door)} bytes`);
  assert.ok(door.length < 30 && sum(door) < 120 * 1024);
  await page.fill('#nick', 'zoe');
  await page.click('button.primary');
  await page.waitForSelector('.scroller [data-id]');
  console.log(`# and talking: ${site.served.length} requests, ${sum(site.served)} bytes`);
});
