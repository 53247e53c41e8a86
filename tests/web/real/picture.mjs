/**
 * `node tests/web/real/picture.mjs [file]`: the picture of the README, docs/web.png: a lively room of the real house in
 * a real browser, with people on IRC and plain lines. pngquant makes it small, where it is installed.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { RealHouse } from './house.mjs';
import { IrcPerson, LinePerson } from './people.mjs';
import { Visitor, launch } from './visitor.mjs';

const AT = process.argv[2] ?? fileURLToPath(new URL('../../../docs/web.png', import.meta.url));
const PASSWORD = 'two lumps please';
const POT = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 288 192">
<rect width="288" height="192" fill="#e8d6b4"/><path d="M0 140h288v52H0z" fill="#9a6a43"/><circle cx="236" cy="46" r="22" fill="#f7e7c4"/>
<path d="M84 92c0-10 28-18 60-18s60 8 60 18l-8 46c-2 14-26 20-52 20s-50-6-52-20z" fill="#24543f"/><path d="M86 104c-24-4-36-20-50-22 6 26 22 48 56 52z" fill="#24543f"/>
<path d="M202 100c30-10 42 4 38 22-3 14-22 22-44 20l2-12c16 0 26-4 28-12 2-9-8-12-26-6z" fill="#24543f"/><ellipse cx="144" cy="86" rx="42" ry="10" fill="#2f6b50"/><circle cx="144" cy="70" r="8" fill="#b98343"/>
<path d="M112 108c8 18 12 26 30 34M176 106c-6 20-12 28-22 36" stroke="#6ea387" stroke-width="4" fill="none" stroke-linecap="round"/>
<path d="M128 54c-8-12 8-18 0-32M158 54c-8-12 8-18 0-32" stroke="#fffaf0" stroke-width="5" fill="none" stroke-linecap="round" opacity=".8"/></svg>`;

const house = await RealHouse.open('[limits]\nflood_lines = 0\n');
const browser = await launch();
const onLines = async (...nicks) => Promise.all(nicks.map((nick) => LinePerson.comes(house, nick)));
const [amy, bob, dana, max] = await onLines('amy', 'bob', 'dana', 'max');
const ivo = await IrcPerson.comes(house, 'ivo');
ivo.client.join('#lobby');
await amy.sees('ivo');

/** A picture to be uploaded, drawn in a page of its own. */
async function drawn() {
  const page = await browser.newPage({ viewport: { width: 288, height: 192 } });
  await page.setContent(`<style>body{margin:0}</style>${POT}`);
  const png = await page.screenshot();
  await page.close();
  return png;
}

const zoe = await Visitor.arrives(browser, house.url, { width: 1200, height: 800, reducedMotion: 'reduce' });
await zoe.enters('zoe', { password: PASSWORD, way: 'register' });
await zoe.page.evaluate(() => document.fonts.ready);
for (const room of ['Tasting', 'garden', 'dice']) {
  await zoe.says(`/join ${room}`);
  await zoe.page.getByRole('heading', { name: room, exact: true }).waitFor(); // it is gone into when it is there
}
max.says('/join garden');
await zoe.goes('lobby');
amy.says('/topic Tea of the day: Darjeeling, first flush', 'Good morning! The new first flush is here :)');
await zoe.sees('The new first flush');
bob.says('Is that the one from https://example.org/darjeeling (the 2026 list)?', '/me pours two cups');
await zoe.sees('pours two cups');
ivo.says('#lobby', 'bob: the very same. `95 °C`, three minutes, no more.');
await zoe.sees('three minutes');
dana.says('おはようございます 🍵');
await zoe.sees('おはよう');
bob.says('/away gone for a walk');
await zoe.page.locator('input[type=file]').setInputFiles([{ name: 'teapot.png', mimeType: 'image/png', buffer: await drawn() }]);
await zoe.page.waitForFunction(() => document.querySelector('#write').value.includes('teapot.png'));
await zoe.page.locator('#write').press('Enter');
await zoe.page.waitForFunction(() => document.querySelector('.picture img')?.naturalWidth);
amy.says('What a pot! zoe, shall we keep a cup for you tonight?');
await zoe.sees('shall we keep');
for (const [sign, text] of [['🍵', 'The new first flush'], ['❤️', 'teapot.png']]) {
  await zoe.does('React', text);
  await zoe.page.locator('.emoji').getByText(sign, { exact: true }).click();
  await zoe.page.locator('.sign', { hasText: sign }).waitFor();
}
max.says('The jasmine is in flower.');
amy.says('/msg zoe I have saved you a seat by the window.');
await zoe.place('amy').waitFor();
await zoe.place('garden').locator('.few').waitFor();
await zoe.page.mouse.move(600, 790);
await zoe.page.locator('#write').focus();
await zoe.page.evaluate(() => { document.querySelector('.line-tools')?.remove(); document.querySelector('.scroller').scrollTop = 1e6; });
await zoe.page.screenshot({ path: AT });
for (const each of [amy, bob, dana, max, ivo]) each.leaves();
await zoe.leaves();
await browser.close();
await house.close();
const small = spawnSync('pngquant', ['--force', '--strip', '--skip-if-larger', '--output', AT, '128', AT]);
console.log(`${AT}${small.error ? ', as large as the browser made it: pngquant is not installed' : ''}`);
