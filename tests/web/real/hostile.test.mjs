/** Hostile texts in every field, from every protocol, under the site's own policy: nothing runs, and no browser has a breach to report. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import { evening } from './evening.mjs';

const CORPUS = JSON.parse(await readFile(new URL('../xss.json', import.meta.url), 'utf8'));
const { run } = evening('[limits]\nflood_lines = 0\nconnects_per_address = 0\nreports_per_user = 100\n');
/** Elements that no text may make; script and link are in the page itself, once and so many times. */
const NEVER = 'img, svg, iframe, object, embed, video, audio, math, style, base, marquee, details, template, [onerror], [onload], [onclick], [onmouseover], [style]';
const oneLine = (text) => text.replace(/[\r\n]/gu, ' ');

run('hostile texts in every field', async ({ house, come, line, irc }) => {
  const victim = await come();
  await victim.page.addInitScript(() => { globalThis.alert = globalThis.prompt = globalThis.confirm = () => { document.title = 'it ran'; }; });
  await victim.page.reload();
  await victim.enters('victim');
  await victim.says('/join pit');
  await victim.page.getByRole('heading', { name: 'pit', exact: true }).waitFor();
  const scripts = await victim.page.locator('script, link, form').count();
  const tess = await line('tess');
  const ivo = await irc('ivo', CORPUS[1]);
  tess.says('/join pit');
  ivo.client.join('#pit');
  await victim.member('ivo').waitFor();
  await victim.says('/op tess');
  await tess.sees('operator');
  await victim.says('/op ivo');
  for (const [at, raw] of CORPUS.entries()) {
    const text = oneLine(raw);
    const mark = `mark ${at}.`;
    tess.says(text, `/me ${text}`, `/topic ${text}`, `/away ${text}`, '/back', `/nick ${text.replaceAll(' ', '')}`, `/nick t${at}`, `/msg victim ${text}`, `/join -k ${text}`, '/join pit',
      `/edit ${text}`, `/reply ${text}`, `/ban nobody 10m ${text}`, '/unban nobody', `/kick ivo ${text}`, `/invite victim ${text}`, `/report victim ${text}`, mark);
    ivo.client.raw('AWAY', text);
    ivo.client.raw('SETNAME', text);
    ivo.client.raw('JOIN', '#pit');
    ivo.client.say('#pit', `victim: see https://x.example/${text} \`${text}\` ${text}`);
    ivo.client.action('#pit', text);
    ivo.client.raw('TOPIC', '#pit', text);
    ivo.client.raw('PART', '#pit', text);
    ivo.client.raw('JOIN', '#pit');
    await victim.page.locator('.scroller').getByText(mark, { exact: true }).waitFor();
  }
  const check = async (where) => {
    assert.equal(await victim.page.locator(NEVER).count(), 0, `${where}: ${await victim.page.locator(NEVER).evaluateAll((all) => all.map((each) => each.outerHTML))}`);
    assert.equal(await victim.page.title() === 'it ran', false);
    const links = await victim.page.locator('a').evaluateAll((all) => all.map((each) => each.getAttribute('href')));
    for (const each of links) assert.match(each, /^(?:https?:\/\/|#write$)/u);
  };
  assert.equal(await victim.page.locator('script, link, form').count(), scripts);
  await check('the room');
  for (const name of ['Search', 'Find or make a room', 'Settings', 'Help and shortcuts']) {
    await victim.page.getByRole('button', { name, exact: true }).click();
    await victim.page.locator('dialog[open]').waitFor();
    await check(name);
    await victim.page.getByRole('button', { name: 'Close', exact: true }).click();
  }
  await victim.says('/who');
  await victim.says('/whois ivo');
  await victim.says('/rooms');
  await victim.page.locator('table').last().waitFor();
  await check('tables');
  await victim.page.reload();
  await victim.isIn();
  await check('after coming back');
  await victim.shows('hostile-1280-light');
  assert.equal(await house.number('teahouse_browser_reports_total'), 0);
}, { timeout: 120_000 });

run('the policy holds, and says so when it is broken', async ({ house, come }) => {
  const page = (await come()).page;
  const before = await house.number('teahouse_browser_reports_total');
  const reported = page.waitForRequest((request) => request.url().endsWith('/csp-report'));
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'document.title = "it ran"';
    document.body.append(script);
  });
  await reported;
  assert.notEqual(await page.title(), 'it ran');
  assert.equal(before, 0);
  const deadline = Date.now() + 10_000;
  while (await house.number('teahouse_browser_reports_total') === 0) assert.ok(Date.now() < deadline);
}, { expected: /Content Security Policy/u });

run('pages of other sites are not let in', async ({ house }) => {
  for (const [origin, status] of [['https://evil.example', 403], ['null', 403], [`http://localhost:${house.ports.web + 1}`, 403], [house.url.slice(0, -1), 101]]) {
    const request = http.get({
      host: 'localhost', port: house.ports.web, path: '/ws',
      headers: { Connection: 'Upgrade', Upgrade: 'websocket', Origin: origin, 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Protocol': 'v1.teahouse' },
    });
    request.on('error', () => {});
    const answer = await Promise.race([once(request, 'response'), once(request, 'upgrade')]);
    assert.equal(answer[0].statusCode, status, origin);
    request.destroy();
    answer[1]?.destroy();
  }
});
