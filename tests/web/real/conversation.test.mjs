/** Two in browsers, one on plain lines, one on IRC: whole conversations in the real house. */
import assert from 'node:assert/strict';
import { evening } from './evening.mjs';

const { run } = evening('[limits]\nflood_lines = 0\n');

run('browsers, a telnet line and IRC in one conversation', async ({ come, line, irc }) => {
  const [ann, zoe] = [await come(), await come({ width: 360, height: 740 })];
  await ann.enters('ann', { password: 'teatime99', way: 'register' });
  await ann.page.keyboard.press('Control+k');
  await ann.page.locator('dialog input').fill('Porch');
  await ann.page.getByRole('button', { name: /Make “Porch”/u }).click();
  await ann.page.getByRole('heading', { name: 'Porch', exact: true }).waitFor();
  await zoe.enters('zoe');
  await zoe.says('/join porch');
  await zoe.page.getByRole('heading', { name: 'Porch', exact: true }).waitFor();
  const [tess, ivo] = [await line('tess'), await irc('ivo')];
  tess.says('/join porch');
  ivo.client.join('#porch');
  await ann.member('tess').waitFor();
  await ann.member('ivo').waitFor();
  await ivo.sees('ivo joins #porch');

  // everyone talks, everyone reads it
  await ann.says('good evening');
  await zoe.says('hello from the phone :tea:');
  tess.says('hello from a terminal');
  ivo.says('#porch', 'hello from IRC');
  for (const each of [ann, zoe]) for (const text of ['good evening', 'hello from the phone 🍵', 'hello from a terminal', 'hello from IRC']) await each.sees(text);
  for (const text of ['ann: good evening', 'zoe: hello from the phone 🍵', 'ivo: hello from IRC']) await tess.sees(text);
  for (const text of ['ann #porch: good evening', 'zoe #porch: hello from the phone 🍵', 'tess #porch: hello from a terminal']) await ivo.sees(text);
  await zoe.says('/me pours four cups');
  await ann.page.locator('.emote', { hasText: 'pours four cups' }).waitFor();
  await tess.sees('* zoe pours four cups');
  await ivo.sees('action zoe #porch: pours four cups');

  // typing
  await zoe.page.locator('#write').pressSequentially('I am');
  await ann.page.getByText('zoe is writing…').first().waitFor();
  await zoe.page.fill('#write', '');
  await ann.page.locator('.typing:empty').waitFor();

  // replies, reactions, corrections, taking back
  await ann.does('Reply', 'hello from a terminal');
  await ann.says('which terminal?');
  await zoe.page.locator('.line', { hasText: 'which terminal?' }).getByRole('button', { name: /^In answer to tess/u }).waitFor();
  await tess.sees('which terminal?');
  await ann.does('React', 'hello from IRC');
  await ann.page.locator('.emoji button').first().click();
  await ann.line('hello from IRC').locator('.sign.mine').waitFor();
  await zoe.line('hello from IRC').locator('.sign').click();
  await ann.line('hello from IRC').locator('.sign', { hasText: '2' }).waitFor();
  await ann.does('Correct', 'which terminal?');
  assert.equal(await ann.page.inputValue('#write'), 'which terminal?');
  await ann.says('which one?');
  await zoe.line('which one?').getByText('(edited)').waitFor();
  await ann.does('Delete', 'good evening');
  await ann.page.getByRole('button', { name: 'Take back' }).click();
  await zoe.page.getByText('Taken back').first().waitFor();
  assert.equal(await zoe.line('good evening').count(), 0);

  // the topic
  await ann.page.locator('#bar').hover();
  await ann.page.getByRole('button', { name: 'Set a topic' }).click();
  await ann.page.locator('dialog input[name=topic]').fill('tea and cake');
  await ann.page.getByRole('button', { name: 'Set', exact: true }).click();
  await tess.sees('tea and cake');
  await ivo.sees('topic: tea and cake');
  ivo.client.setTopic('#porch', 'mostly cake');
  await zoe.page.locator('#bar .topic', { hasText: 'mostly cake' }).waitFor();

  // private messages, both ways, with everyone
  await ann.menu('tess', 'Message');
  await ann.says('a word in private');
  await tess.sees('a word in private');
  await ann.line('a word in private').waitFor();
  await ann.page.press('#write', 'ArrowUp');
  await ann.says('two words in private');
  await ann.line('two words in private').getByText('(edited)').waitFor();
  await tess.sees('corrected: two words in private');
  await ann.says('and one too many');
  await ann.line('one too many').waitFor();
  await ann.does('Delete', 'one too many');
  await ann.page.getByRole('button', { name: 'Take back' }).click();
  await ann.page.getByText('Taken back').first().waitFor();
  tess.says('/msg ann in private too');
  await ann.sees('in private too');
  ivo.client.say('ann', 'psst');
  await ann.place('ivo').locator('.count', { hasText: '1' }).waitFor();
  await ann.goes('ivo');
  await ann.sees('psst');
  await ann.says('psst yourself');
  await ivo.sees('privmsg ann ivo: psst yourself');
  await ann.place('ivo').locator('.count').waitFor({ state: 'detached' });
  await ann.goes('Porch');
  for (const each of [tess.shown, ivo.shown]) assert.equal(each.split('yourself').length, each === ivo.shown ? 2 : 1);

  // other names, being away
  tess.says('/nick tessa');
  await ann.member('tessa').waitFor();
  await ann.place('tessa').waitFor();
  await zoe.says('/nick zora');
  await ann.member('zora').waitFor();
  await ivo.sees('zoe is now zora');
  ivo.client.raw('AWAY', 'walking the dog');
  await ann.page.locator('.member.away', { hasText: 'ivo' }).waitFor();
  await ann.member('ivo').click();
  await ann.page.locator('dialog').getByText('away: walking the dog').waitFor();
  await ann.page.keyboard.press('Escape');

  // keeping order, from the menu
  await ann.menu('zora', 'Mute…');
  await ann.page.getByLabel('For how long').selectOption('10m');
  await ann.page.getByLabel(/Reason/u).fill('too much cake');
  await ann.page.getByRole('button', { name: 'Mute', exact: true }).click();
  await zoe.page.getByText('too much cake').first().waitFor();
  await zoe.says('may I?');
  await zoe.page.locator('.unsent.failed', { hasText: 'may I?' }).getByText('muted').waitFor();
  await zoe.page.getByRole('button', { name: 'Throw away' }).click();
  await ann.says('/unmute zora');
  await ann.page.getByText(/zora.*talk again|talk.*zora|unmute/iu).first().waitFor();
  await ann.menu('zora', 'Kick…');
  await ann.page.getByLabel(/Reason/u).fill('and out');
  await ann.page.getByRole('button', { name: 'Kick', exact: true }).click();
  await ivo.sees('ann kicks zora: and out');
  await zoe.page.getByText(/and out/u).first().waitFor();
  await ann.member('zora').waitFor({ state: 'detached' });
  assert.equal(await ann.line('may I?').count(), 0);
});

run('a room with a password, a room for the invited', async ({ come }) => {
  const [host, guest] = [await come(), await come()];
  await host.enters('host');
  await guest.enters('guesty');
  await host.says('/join cellar');
  await host.page.getByRole('heading', { name: 'cellar', exact: true }).waitFor();
  await host.says('/room password sesame');
  await host.sees(/password/u);
  await host.says('/join attic');
  await host.page.getByRole('heading', { name: 'attic', exact: true }).waitFor();
  await host.says('/room invite_only on');
  await host.sees(/invite/u);

  await guest.page.keyboard.press('Control+k');
  await guest.page.locator('dialog').getByRole('button', { name: /cellar/u }).click();
  await guest.page.locator('dialog input[type=password]').fill('wrong');
  await guest.page.getByRole('button', { name: 'Go in' }).click();
  await guest.page.locator('dialog .problem:not(:empty)').first().waitFor();
  await guest.page.locator('dialog input[type=password]').fill('sesame');
  await guest.page.getByRole('button', { name: 'Go in' }).click();
  await guest.page.getByRole('heading', { name: 'cellar', exact: true }).waitFor();

  await guest.page.waitForFunction(() => !document.querySelector('dialog'));
  await guest.page.keyboard.press('Control+k');
  await guest.page.locator('dialog input').fill('attic');
  await guest.page.keyboard.press('Enter');
  await guest.page.locator('dialog .problem', { hasText: /invit/u }).waitFor();
  await guest.page.getByRole('button', { name: 'Close', exact: true }).click();
  await host.says('/invite guesty');
  await guest.line('invites guesty').getByRole('button', { name: 'Go in' }).click();
  await guest.page.getByRole('heading', { name: 'attic', exact: true }).waitFor();
});

run('what is unread is counted, and read on two devices at once', async ({ come, line }) => {
  const [desk, phone] = [await come(), await come({ width: 360, height: 740 })];
  const amy = await line('amy');
  await desk.enters('dora', { password: 'teatime99', way: 'register' });
  await desk.says('/join nook');
  await desk.page.getByRole('heading', { name: 'nook', exact: true }).waitFor();
  await phone.enters('dora', { password: 'teatime99' });
  await phone.page.getByRole('button', { name: 'Rooms', exact: true }).click();
  await phone.goes('lobby');
  amy.says('/join nook', 'one', 'two', 'dora: three');
  await desk.sees('dora: three');
  await desk.goes('lobby');
  amy.says('four', 'dora: five');
  for (const each of [desk, phone]) await each.place('nook').locator('.count', { hasText: '1' }).waitFor({ state: 'attached' });
  amy.says('six');
  assert.match(await desk.page.title(), /^\(1\)/u);
  await desk.goes('nook');
  await desk.sees('New since you were here');
  await desk.sees('six');
  for (const each of [desk, phone]) await each.place('nook').locator('.count, .few').waitFor({ state: 'detached' });
});

run('the past comes as one scrolls, and what was said is found', async ({ come, line }) => {
  const amy = await line('amos');
  amy.says('/join archive');
  for (let at = 1; at <= 150; at += 1) amy.says(`page ${at}.`);
  await amy.sees('page 150.');
  const reader = await come();
  await reader.enters('reader');
  await reader.says('/join archive');
  await reader.sees('page 150.');
  for (;;) {
    const before = await reader.page.locator('.scroller [data-id]').count();
    if (await reader.line(/^page 1\.$/u).count() || (await reader.texts(/^page 1\.$/u)).length) break;
    await reader.page.locator('.scroller').evaluate((each) => { each.scrollTop = 0; });
    await reader.page.waitForFunction((was) => document.querySelectorAll('.scroller [data-id]').length > was, before);
  }
  assert.deepEqual(await reader.texts(/^page \d+\.$/u), Array.from({ length: 150 }, (_, at) => `page ${at + 1}.`));
  await reader.page.keyboard.press('Control+Shift+F');
  await reader.page.locator('dialog input[type=search]').fill('page 77');
  await reader.page.keyboard.press('Enter');
  await reader.page.locator('dialog .result', { hasText: 'page 77.' }).click();
  await reader.page.locator('.line.found', { hasText: 'page 77.' }).waitFor();
});

run('an account: made, remembered, signed out of', async ({ house, come }) => {
  const [mara, other] = [await come(), await come()];
  await mara.enters('mara', { password: 'teatime99', way: 'register', remember: true });
  await mara.says('/join den');
  await mara.page.getByRole('heading', { name: 'den', exact: true }).waitFor();
  await other.page.fill('#nick', 'Mara');
  await other.page.click('button.primary');
  await other.page.locator('.problem', { hasText: 'Mara belongs to an account' }).waitFor();
  assert.equal(await other.page.locator('[value=login]').isChecked(), true);
  await mara.page.close();
  await mara.opens(house.url);
  await mara.isIn();
  await mara.page.locator('.me', { hasText: 'mara' }).waitFor();
  await mara.page.getByRole('button', { name: 'Settings' }).click();
  await mara.page.getByRole('button', { name: 'Sign out' }).click();
  await mara.page.getByText('You have signed out.').first().waitFor();
  await mara.page.locator('label:has([value=login])').click();
  await mara.page.fill('#nick', 'mara');
  await mara.page.fill('#password', 'not it at all');
  await mara.page.click('button.primary');
  await mara.page.locator('.problem:not(:empty)').waitFor();
  await mara.enters('mara', { password: 'teatime99', remember: true });
  await mara.page.close();
  await mara.opens(house.url);
  await mara.isIn();
  await mara.page.locator('.me', { hasText: 'mara' }).waitFor();
  await mara.place('den').waitFor();
  await mara.page.getByRole('button', { name: 'Settings' }).click();
  await mara.page.getByRole('button', { name: 'Sign out' }).click();
  await mara.page.getByText('You have signed out.').first().waitFor();
  await mara.page.reload();
  await mara.page.locator('#nick').waitFor();
});

run('a room is renamed while one reads up in it, and writes', async ({ come, line, irc }) => {
  const [rue, lars, nils] = [await come(), await line('lars'), await irc('nils')];
  lars.says('/join scullery');
  await lars.sees('In this room: lars');
  nils.client.join('#scullery');
  await rue.enters('rue');
  await rue.says('/join scullery');
  await rue.page.getByRole('heading', { name: 'scullery', exact: true }).waitFor();
  lars.says(...Array.from({ length: 80 }, (_, number) => `line number ${number}`));
  await rue.sees('line number 79');
  await rue.page.locator('#log').evaluate((log) => { log.scrollTop = 700; });
  await rue.page.getByText('To the newest ↓').waitFor();
  await rue.page.fill('#write', 'half a sentence');
  await rue.page.locator('#write').evaluate((input) => input.setSelectionRange(4, 4));
  const before = await rue.page.locator('#log').evaluate((log) => log.scrollTop);

  lars.says('/rename Pot it was too small');
  await rue.page.getByRole('heading', { name: 'Pot', exact: true }).waitFor();
  await rue.page.waitForFunction(() => document.querySelector('#write').placeholder === 'Write in Pot');
  assert.equal(await rue.page.locator('#log').evaluate((log) => log.scrollTop), before);
  assert.deepEqual(await rue.page.locator('#write').evaluate((input) => [input.value, input.selectionStart]), ['half a sentence', 4]);
  for (const nick of ['rue', 'lars', 'nils']) await rue.member(nick).waitFor();
  assert.equal(await rue.page.locator('#places').getByText('scullery', { exact: true }).count(), 0);
  await nils.sees('nils joins #pot');

  await rue.page.keyboard.press('Enter');
  await lars.sees('rue: half a sentence');
  await nils.sees('rue #pot: half a sentence');
  await rue.sees('lars renamed the room from scullery to Pot. (it was too small)');
  await rue.page.reload();
  await rue.page.getByRole('heading', { name: 'Pot', exact: true }).waitFor();
  await rue.sees('line number 79');
});
