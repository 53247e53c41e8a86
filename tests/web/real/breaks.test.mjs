/** Connections that break, a house that is started again, a browser that stops reading: nothing is lost, nothing comes twice. */
import assert from 'node:assert/strict';
import { evening } from './evening.mjs';
import { Relay } from './relay.mjs';

const { run, all } = evening('[limits]\nflood_lines = 0\noutput_seconds = 2\n');
/** Lines of 3,900 bytes, more than all buffers between the house and the browser hold. */
const LOUD = 2000;
const numbered = (word, from, to) => Array.from({ length: to - from + 1 }, (_, at) => `${word} ${from + at}.`);

/** Wait until the house has counted so many more of these. */
async function counts(name, least) {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const now = await all.house.number(name).catch(() => 0);
    if (now >= least) return;
    assert.ok(Date.now() < deadline, `${name} stays at ${now}`);
    await new Promise((done) => { setTimeout(done, 50); });
  }
}

run('a connection that breaks in the middle', async ({ house, come, line }) => {
  const relay = await Relay.open(house.ports.web);
  try {
    const tess = await line('tess');
    const ann = await come({ url: relay.url });
    await ann.enters('ann');
    for (let round = 0; round < 3; round += 1) {
      const from = round * 20 + 1;
      tess.says(...numbered('tess', from, from + 6));
      await ann.says(`ann ${round * 2 + 1}.`);
      relay.closed = true;
      relay.cut();
      tess.says(...numbered('tess', from + 7, from + 19));
      await tess.sees(`tess: tess ${from + 19}.`);
      await ann.says(`ann ${round * 2 + 2}.`);
      if (round === 0) {
        await ann.page.getByText('The connection is lost').first().waitFor();
        await ann.shows('reconnecting-1280-light');
      }
      relay.closed = false;
      await ann.sees(`tess ${from + 19}.`);
      await ann.page.locator('.own', { hasText: `ann ${round * 2 + 2}.` }).waitFor();
      await tess.sees(`ann: ann ${round * 2 + 2}.`);
    }
    assert.deepEqual(await ann.texts(/^tess \d+\.$/u), numbered('tess', 1, 60));
    assert.deepEqual(await ann.texts(/^ann \d+\.$/u), numbered('ann', 1, 6));
    assert.deepEqual([...tess.shown.matchAll(/ann: (ann \d+\.)/gu)].map(([, text]) => text), numbered('ann', 1, 6));
    assert.equal(/ann has (?:left|entered|quit)/u.test(tess.shown.slice(tess.shown.indexOf('tess 1.'))), false, 'someone noticed');
  } finally {
    relay.close();
  }
});

run('a house that is started again, in order and at once', async ({ house, come }) => {
  const [amy, bob] = [await come(), await come()];
  await amy.enters('amy', { password: 'teatime99', way: 'register' });
  await bob.enters('bob');
  for (const each of [amy, bob]) {
    await each.says('/join yard');
    await each.page.getByRole('heading', { name: 'yard', exact: true }).waitFor();
  }
  let said = 0;
  for (const signal of ['SIGTERM', 'SIGKILL']) {
    await bob.says(`before ${(said += 1)}.`);
    await amy.sees(`before ${said}.`);
    await house.stop(signal);
    await amy.says(`meanwhile ${said}.`);
    await amy.page.getByText('The connection is lost').first().waitFor();
    await house.start();
    for (const each of [amy, bob]) await each.sees(`meanwhile ${said}.`);
    await bob.says(`after ${said}.`);
    await amy.sees(`after ${said}.`);
  }
  for (const each of [amy, bob]) {
    assert.deepEqual(await each.texts(/^(?:before|meanwhile|after) \d\.$/u), [1, 2].flatMap((at) => [`before ${at}.`, `meanwhile ${at}.`, `after ${at}.`]));
  }
  await amy.page.locator('.me', { hasText: 'account' }).waitFor();
  assert.equal(await amy.page.getByRole('heading', { name: 'yard', exact: true }).count(), 1);
});

run('a browser that stops reading is dropped, and resumes', async ({ house, come, line }) => {
  const relay = await Relay.open(house.ports.web);
  try {
    const tess = await line('tess');
    const deaf = await come({ url: relay.url });
    await deaf.enters('deaf');
    await deaf.says('/join loud');
    await deaf.page.getByRole('heading', { name: 'loud', exact: true }).waitFor();
    tess.says('/join loud', 'can you hear me?');
    await deaf.sees('can you hear me?');
    const drops = await house.number('teahouse_drops_total{reason="slow"}').catch(() => 0);
    relay.deafen();
    const noise = 'x'.repeat(3900);
    for (let at = 1; at <= LOUD; at += 50) {
      tess.says(...Array.from({ length: 50 }, (_, more) => `${at + more}. ${noise}`));
      await tess.sees(`tess: ${at + 49}. ${noise}`);
    }
    await counts('teahouse_drops_total{reason="slow"}', drops + 1);
    tess.says('still here?');
    relay.cut();
    await deaf.sees('still here?');
    await deaf.says('I am back');
    await tess.sees('deaf: I am back');
    assert.equal((await deaf.texts(new RegExp(`^${LOUD}\\. x`, 'u'))).length, 1);
    const heard = (await deaf.texts(/^\d+\. x/u)).map((text) => Number.parseInt(text, 10));
    assert.deepEqual(heard.slice(-10), Array.from({ length: 10 }, (_, at) => LOUD - 9 + at));
    assert.deepEqual(heard, [...new Set(heard)].sort((a, b) => a - b), 'twice, or out of order');
  } finally {
    relay.close();
  }
});
