/** `node bench/fluid.mjs [slower]`: whether the client stays fluid in a large house: 5,000 messages and 1,000 members in a room, 200 rooms. For each thing one does: its longest task on the page's thread, and how many took over 50 ms. `slower`: how many times slower the processor pretends to be. The house is the tests' pretended one, for it is the client that is measured. */
import { enter, open } from '../tests/web/browser.mjs';

const SLOWER = Number(process.argv[2] ?? 1);
const [MESSAGES, MEMBERS, ROOMS] = [5000, 1000, 200];
const WORDS = 'Oh yes. Is that the one from https://example.org/darjeeling (the 2026 list)? I would let it stand a little longer, `95 °C`, four minutes and a half, amy.';

function furnish(house) {
  for (let at = 0; at < ROOMS - 3; at += 1) house.room(`room${at}`, `room${at}`, 'Which one today?');
  house.rooms.get('secret').password = '';
  house.robot('amy', [...house.rooms.keys()], 'operator');
  for (let at = 0; at < MEMBERS; at += 1) house.robot(`guest${at}`, ['lobby'], at % 50 ? '' : 'voice');
  for (let at = 0; at < MESSAGES; at += 1) house.say('lobby', at % 3 ? 'amy' : `guest${at % MEMBERS}`, `${at} ${WORDS.slice(at % 40)}`);
  house.settings.set('ann', { rooms: [...house.rooms.keys()] });
  for (const room of house.rooms.values()) room.members.set('ann', { nick: 'ann', role: '', away: '', account: 'ann', bot: false });
}

const { site, house, context, page, close } = await open({ prepare: furnish });
const wire = await context.newCDPSession(page);
await wire.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
await page.addInitScript(() => {
  globalThis.tasks = [];
  new PerformanceObserver((list) => globalThis.tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask', buffered: true });
});
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

async function measure(name, doing) {
  await page.evaluate(() => { globalThis.tasks.length = 0; });
  const before = await wire.send('Performance.getMetrics');
  await doing();
  await pause(300);
  const after = await wire.send('Performance.getMetrics');
  const busy = ['TaskDuration'].map((each) => after.metrics.find(({ name: of }) => of === each).value - before.metrics.find(({ name: of }) => of === each).value)[0];
  const tasks = await page.evaluate(() => globalThis.tasks);
  console.log(`${name}: ${tasks.length} over 50 ms${tasks.length ? `, the longest ${Math.round(Math.max(...tasks))} ms` : ''}; ${Math.round(busy * 1000)} ms of work`);
}

await wire.send('Performance.enable');
await page.goto(site.url);
await measure('coming into 200 rooms', async () => {
  await enter(page, site.url);
  await page.waitForFunction((many) => document.querySelectorAll('.place').length >= many, ROOMS);
});
await page.locator('[data-key="lobby"]').click();
await page.locator('.scroller [data-id]').first().waitFor();
await measure('scrolling back through 1,200 messages', async () => {
  const box = await page.locator('.scroller').boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  for (let at = 0; at < 200; at += 1) {
    await page.mouse.wheel(0, -400);
    await pause(16);
  }
});
await page.locator('.jump').click();
await measure('scrolling through 1,000 members', async () => {
  const box = await page.locator('#members').boundingBox();
  await page.mouse.move(box.x + 40, box.y + 300);
  for (let at = 0; at < 150; at += 1) {
    await page.mouse.wheel(0, 400);
    await pause(16);
  }
});
console.log(`  members in the list: ${await page.locator('.member').count()}`);
await measure('typing 200 letters while 100 lines a second come to all rooms', async () => {
  await page.locator('#write').click();
  const keys = [...house.rooms.keys()];
  let at = 0;
  const talk = setInterval(() => { house.say(keys[(at += 1) % 5 ? at % keys.length : 0], 'amy', `ann ${at} ${WORDS}`); }, 10);
  for (let letter = 0; letter < 200; letter += 1) {
    await page.keyboard.type('tea '[letter % 4]);
    await pause(10);
  }
  clearInterval(talk);
  await page.fill('#write', '');
});
await measure('a room of 1,000 that empties and fills again, 40 a second', async () => {
  for (let at = 0; at < 120; at += 1) {
    const who = `guest${at}`;
    house.publish({ type: at % 2 ? 'entered' : 'left', room: 'lobby', who, plain: `${who} comes or goes.` });
    await pause(25);
  }
});
await measure('1,000 lines at once', async () => {
  for (let at = 0; at < 1000; at += 1) house.say('lobby', 'amy', `${at} ${WORDS}`);
});
await measure('going through 20 rooms', async () => {
  for (let at = 0; at < 20; at += 1) {
    await page.keyboard.press('Alt+ArrowDown');
    await pause(50);
  }
});
await close();
process.exit(0);
