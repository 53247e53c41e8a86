/** Notified while no page is looked at: from the switch in the settings to the worker that shows it, and the click on it. */
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { Device, stub } from './device.mjs';
import { evening } from './evening.mjs';

const { run, all } = evening('[push]\ndelay_seconds = 0\nto_private = true\n');
const PASSWORD = 'two lumps, please';
let device = null;
before(async () => { device = await Device.opens(); });
after(() => device.closes());

/** Someone with an account, whose browser allows notifications. */
async function member(come, nick) {
  const visitor = await come({ permissions: ['notifications'] });
  await visitor.context.addInitScript(stub, device.subscription);
  await visitor.page.reload();
  await visitor.enters(nick, { password: PASSWORD, way: 'register', remember: true });
  return visitor;
}

const settings = async ({ page }) => {
  await page.getByRole('button', { name: 'Settings' }).click();
  return page.getByLabel('Notify me on this device when I am away');
};

async function switchOn(visitor) {
  const { page } = visitor;
  await (await settings(visitor)).check();
  await page.getByText('You are notified here from now on.').waitFor();
  await page.keyboard.press('Escape');
  const { text, headers } = await device.next();
  assert.equal(JSON.parse(text).type, 'subscribed');
  assert.match(headers.authorization, /^vapid t=/u);
}

/** Hand a message to the worker, as the browser does. */
async function deliver({ context, page }, data) {
  const wire = await context.newCDPSession(page);
  const found = new Promise((resolve) => {
    wire.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => registrations.length && resolve(registrations[0].registrationId));
  });
  await wire.send('ServiceWorker.enable');
  await wire.send('ServiceWorker.deliverPushMessage', { origin: new URL(page.url()).origin, registrationId: await found, data });
}

/** What the worker has shown. */
const notes = async ({ page }) => {
  await page.waitForFunction(async () => (await (await navigator.serviceWorker.ready).getNotifications()).length > 0);
  return page.evaluate(async () => {
    const shown = await (await navigator.serviceWorker.ready).getNotifications();
    return shown.map(({ title, body, tag, data }) => ({ title, body, tag, data }));
  });
};

run('the switch, a mention, and a click that leads to its room', async ({ house, come, line }) => {
  const kim = await member(come, 'kim');
  await kim.goes('lobby');
  await switchOn(kim);
  const tess = await line('tess');
  await kim.page.evaluate(() => Object.defineProperty(document, 'hidden', { value: true })); // looks elsewhere
  tess.says('kim: are <b>you</b> there?');
  const { text } = await device.next();
  const shown = JSON.parse(text);
  assert.deepEqual([shown.type, shown.who, shown.place, shown.text], ['said', 'tess', 'lobby', 'kim: are <b>you</b> there?']);

  await kim.page.goto('about:blank'); // no page of the house is open
  const other = await kim.opens(`${house.url}status`);
  await deliver(kim, text);
  assert.deepEqual(await notes(kim), [{ title: 'tess in lobby', body: 'kim: are <b>you</b> there?', tag: 'lobby', data: { place: 'lobby' } }]);
  await other.close();
});

run('where a notification leads: the page that is open, or a new one', async ({ house, come, line }) => {
  const ann = await line('ann');
  ann.says('/join attic');
  ann.says('/room hidden on');
  const bob = await member(come, 'bob');
  await bob.goes('lobby');
  await switchOn(bob);
  await bob.says('/join loft');
  await bob.page.locator('#bar h1', { hasText: 'loft' }).waitFor();
  const [worker] = bob.context.serviceWorkers();
  const send = (place) => worker.evaluate(async (open) => (await self.clients.matchAll())[0].postMessage({ open }), place);
  await send('lobby'); // a browser lets a worker bring a page to the front only after a true click
  await bob.page.locator('#bar h1', { hasText: 'lobby' }).waitFor();
  await send('@kim');
  await bob.page.locator('#bar h1', { hasText: 'kim' }).waitFor();
  await send('attic'); // an invitation
  await bob.page.locator('#bar h1', { hasText: 'attic' }).waitFor();
  await send('cellar'); // nobody is there any more
  await bob.page.locator('.toast', { hasText: 'There is no room cellar' }).waitFor();
  const page = await bob.opens(`${house.url}#loft`);
  await page.locator('#bar h1', { hasText: 'loft' }).waitFor();
  assert.equal(new URL(page.url()).hash, '');
});

run('what is looked at is not called out any more', async ({ come }) => {
  const ida = await member(come, 'ida');
  await ida.goes('lobby');
  await switchOn(ida);
  await ida.page.evaluate(async () => (await navigator.serviceWorker.ready).showNotification('tess in lobby', { tag: 'lobby' }));
  assert.equal((await notes(ida)).length, 1);
  await ida.says('/join loft');
  await ida.page.locator('#bar h1', { hasText: 'loft' }).waitFor();
  await ida.goes('lobby');
  await ida.page.waitForFunction(async () => !(await (await navigator.serviceWorker.ready).getNotifications()).length);
});

run('signing out ends it; whoever comes next is not notified', async ({ come, line }) => {
  const lea = await member(come, 'lea');
  await switchOn(lea);
  await settings(lea);
  await lea.page.getByRole('button', { name: 'Sign out' }).click();
  await lea.page.getByText('You have signed out.').first().waitFor();
  const tess = await line('tess2');
  tess.says('/msg lea are you there?', 'that was for lea');
  await tess.sees('tess2: that was for lea');
  await lea.enters('lea', { password: PASSWORD });
  const box = await settings(lea);
  assert.ok(!(await box.isChecked()));
  assert.ok(device.isEmpty);
});

run('guests are told why not', async ({ come }) => {
  const gus = await come();
  await gus.enters('gus');
  const box = await settings(gus);
  assert.ok(await box.isDisabled());
  await gus.shows('away-guest');
  await gus.page.getByText('/register makes one of your nick, gus').waitFor();
});
