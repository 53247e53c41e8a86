/** A Chromium for the tests. Rule: short runs; playwright-core is looked for where PLAYWRIGHT says, else beside the tests. */
import { createRequire } from 'node:module';
import { after } from 'node:test';
import { FakeHouse } from './fake/house.mjs';
import { furnish } from './fake/company.mjs';
import { serve } from './fake/server.mjs';

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-dev-shm-usage'];

let chromium = null;
after(() => chromium?.close());

/** playwright-core (or another package beside it), or null where it is not installed. */
export function installed(name = 'playwright-core') {
  for (const place of [process.env.PLAYWRIGHT, import.meta.dirname ?? '', `${process.cwd()}/`].filter(Boolean)) {
    try {
      const find = createRequire(place.endsWith('/') ? place : `${place}/`);
      return { load: () => find(name), path: find.resolve(name) };
    } catch { /* not there */ }
  }
  return null;
}

/** A furnished house, and a browser at its door. */
export async function open({ viewport = { width: 1280, height: 800 }, scheme = 'light', prepare = furnish, ...more } = {}) {
  const house = new FakeHouse();
  prepare(house);
  const site = await serve(0, house);
  chromium ??= await installed().load().chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
  const context = await chromium.newContext({ viewport, colorScheme: scheme, ...more });
  const page = await context.newPage();
  const troubles = [];
  page.on('console', (message) => message.type() === 'error' && !/ERR_CONNECTION|WebSocket connection/u.test(message.text()) && troubles.push(message.text()));
  page.on('pageerror', (error) => troubles.push(error.stack));
  page.on('dialog', (dialog) => { troubles.push(`dialog: ${dialog.message()}`); void dialog.dismiss(); });
  const close = async () => {
    await context.close();
    site.close();
  };
  return { site, house, context, page, troubles, close };
}

/** Come in by the door. */
export async function enter(page, url, nick = 'ann', password = 'teatime1') {
  await page.goto(url);
  await page.waitForSelector('#nick');
  if (password) {
    await page.locator('label:has([value=login])').click();
    await page.fill('#password', password);
  }
  await page.fill('#nick', nick);
  await page.click('button.primary');
  await page.waitForSelector('#app:not([hidden]) .scroller [data-id]');
}
