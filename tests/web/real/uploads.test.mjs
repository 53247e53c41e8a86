/** Files in the browser: chosen, pasted, dropped, refused, stopped; and pictures where they are shown. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { evening } from './evening.mjs';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const { run } = evening('[limits]\nflood_lines = 0\n[uploads]\nfile_bytes = 300_000\nfree_bytes = 0\nfiles_per_hour = 1_000\n');
const PASSWORD = 'wintertea';

/** A picture, drawn by the browser: a cup of tea, near enough. */
async function drawn(page, width = 640, height = 400) {
  const data = await page.evaluate(([w, hgt]) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: w, height: hgt });
    const pen = canvas.getContext('2d');
    pen.fillStyle = '#f3dfb4';
    pen.fillRect(0, 0, w, hgt);
    pen.fillStyle = '#96480f';
    pen.beginPath();
    pen.arc(w / 2, hgt / 2, Math.min(w, hgt) / 3, 0, 7);
    pen.fill();
    return canvas.toDataURL('image/png').split(',')[1];
  }, [width, height]);
  return Buffer.from(data, 'base64');
}

async function check(visitor, where) {
  await visitor.page.evaluate(AXE);
  const { violations } = await visitor.page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  assert.deepEqual(violations.map(({ id, nodes }) => [where, id, ...nodes.slice(0, 3).map(({ html, failureSummary }) => `${html} ${failureSummary}`)]), []);
}

/** Hand over files as the clipboard or a drag does. */
const handOver = (page, kind, bytes, name, type) => page.evaluate(([how, data, called, as]) => {
  const files = new DataTransfer();
  files.items.add(new File([Uint8Array.from(atob(data), (each) => each.charCodeAt(0))], called, { type: as }));
  const target = document.querySelector('#write');
  if (how === 'paste') target.dispatchEvent(new ClipboardEvent('paste', { clipboardData: files, bubbles: true, cancelable: true }));
  else for (const step of ['dragover', 'drop']) target.dispatchEvent(new DragEvent(step, { dataTransfer: files, bubbles: true, cancelable: true }));
}, [kind, bytes.toString('base64'), name, type]);

const choose = (page, name, mimeType, buffer) => page.setInputFiles('input[type=file]', { name, mimeType, buffer });

run('a picture is attached, sent with words around it, and seen by others', async ({ come, line }) => {
  const tess = await line('tess');
  const [kim, guest] = [await come(), await come()];
  await kim.enters('kim', { password: PASSWORD, way: 'register' });
  await guest.enters('gus');
  assert.equal(await guest.page.getByRole('button', { name: 'Attach a file' }).count(), 0);
  await kim.page.fill('#write', 'My cup:');
  await kim.page.getByRole('button', { name: 'Attach a file' }).waitFor();
  await choose(kim.page, 'my çup.png', 'image/png', await drawn(kim.page));
  await kim.page.waitForFunction(() => /^My cup: http:\/\/localhost:\d+\/uploads\/[0-9a-f]{32}\/my%20%C3%A7up\.png $/u.test(document.querySelector('#write').value));
  await kim.page.keyboard.type('with milk');
  await kim.page.keyboard.press('Enter');
  await tess.sees('my%20%C3%A7up.png with milk');
  for (const { page } of [kim, guest]) {
    const picture = page.getByRole('img', { name: 'my çup.png' });
    await picture.waitFor();
    await page.waitForFunction(() => document.querySelector('.picture img').naturalWidth === 640);
  }
  const [opened] = await Promise.all([guest.context.waitForEvent('page'), guest.page.locator('.picture').click()]);
  await opened.waitForFunction(() => document.images[0]?.naturalWidth === 640);
});

run('pasted, dropped, put into the draft of where it was attached', async ({ come }) => {
  const kim = await come();
  await kim.enters('pat', { password: PASSWORD, way: 'register' });
  const { page } = kim;
  const cup = await drawn(page);
  await handOver(page, 'paste', cup, 'pasted.png', 'image/png');
  await page.waitForFunction(() => document.querySelector('#write').value.includes('/pasted.png '));
  await handOver(page, 'drop', Buffer.from('some words'), 'dropped.txt', 'text/plain');
  await page.waitForFunction(() => document.querySelector('#write').value.includes('/dropped.txt '));
  assert.equal(await page.locator('.coming').count(), 0);
});

run('what is refused is said in words, and what takes long can be stopped', async ({ come }) => {
  const kim = await come();
  await kim.enters('kit', { password: PASSWORD, way: 'register' });
  const { page } = kim;
  await choose(page, 'huge.bin', 'application/zip', Buffer.alloc(400_000));
  await page.getByText('It has 390.6 KiB, and a file has at most 293.0 KiB here.').first().waitFor();
  await page.getByRole('button', { name: 'Throw huge.bin away' }).press('Enter');
  await page.waitForFunction(() => document.activeElement.id === 'write');
  await page.route('**/uploads', () => {}); // it takes for ever
  await choose(page, 'slow.txt', 'text/plain', Buffer.from('tea'));
  await page.getByRole('progressbar', { name: 'Uploading slow.txt' }).waitFor();
  await page.getByRole('button', { name: 'Stop uploading slow.txt' }).click();
  await page.locator('.coming').waitFor({ state: 'detached' });
  await page.unroute('**/uploads');
  await page.route('**/uploads', (route) => route.continue({ headers: { ...route.request().headers(), authorization: 'Bearer used' } }));
  await choose(page, 'late.txt', 'text/plain', Buffer.from('tea'));
  await page.getByText('That took too long to begin').first().waitFor();
  assert.equal(await page.inputValue('#write'), '');
}, { expected: /401/u });

run('a picture that is gone, and pictures of others, which are never loaded', async ({ come }) => {
  const kim = await come();
  await kim.enters('kay', { password: PASSWORD, way: 'register' });
  await kim.says('/join attic');
  await kim.page.getByRole('heading', { name: 'attic', exact: true }).waitFor();
  const asked = [];
  kim.page.on('request', (request) => asked.push(request.url()));
  await kim.says(`${new URL(`uploads/${'0'.repeat(32)}/gone.png`, kim.page.url())} https://other.example/uploads/${'0'.repeat(32)}/other.png`);
  await kim.page.getByText('gone.png is not there any more.').waitFor();
  assert.equal(await kim.page.locator('.picture').count(), 1);
  assert.deepEqual(asked.filter((url) => url.includes('other.example')), []);
}, { expected: /404/u });

for (const scheme of ['light', 'dark']) {
  for (const [width, height] of [[1280, 800], [360, 740]]) {
    run(`axe finds nothing beside pictures, ${scheme}, ${width} px`, async ({ come }) => {
      const kim = await come({ width, height, scheme, reducedMotion: 'reduce' });
      const { page } = kim;
      await kim.enters(`ida${scheme[0]}${width}`, { password: PASSWORD, way: 'register' });
      for (const [name, ...size] of [['wide.png', 900, 300], ['tall.png', 300, 900]]) {
        await choose(page, name, 'image/png', await drawn(page, ...size));
        await page.waitForFunction((wanted) => document.querySelector('#write').value.includes(wanted), name);
      }
      await page.locator('#write').press('Enter');
      await page.waitForFunction(() => [...document.querySelectorAll('.picture img')].filter((each) => each.naturalWidth).length >= 2);
      await page.route('**/uploads', () => {});
      await choose(page, 'on its way.txt', 'text/plain', Buffer.from('tea'));
      await choose(page, 'a rather long name of a file that is too large.zip', 'application/zip', Buffer.alloc(400_000));
      await page.locator('.coming.failed').waitFor();
      await kim.shows(`uploads-${width}-${scheme}`);
      await check(kim, 'uploads');
    });
  }
}
