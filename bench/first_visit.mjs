/** `node bench/first_visit.mjs`: what a first visit takes, of the real house in a real browser on this machine: requests, bytes (as sent, heads included), and milliseconds to the door and to one's first message, the median of ten. */
import { RealHouse } from '../tests/web/real/house.mjs';
import { Visitor, launch } from '../tests/web/real/visitor.mjs';

const TIMES = 10;
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const house = await RealHouse.open();
const browser = await launch();
const visits = [];
for (let at = 0; at < TIMES; at += 1) {
  const context = await browser.newContext();
  const visitor = Object.assign(new Visitor(), { context });
  const page = await context.newPage();
  visitor.page = page;
  const wire = await context.newCDPSession(page);
  const seen = { requests: 0, bytes: 0 };
  wire.on('Network.loadingFinished', ({ encodedDataLength }) => {
    seen.requests += 1;
    seen.bytes += encodedDataLength;
  });
  await wire.send('Network.enable');
  const begin = performance.now();
  await page.goto(house.url);
  await page.locator('#nick').waitFor();
  const door = { ...seen, ms: performance.now() - begin };
  await page.fill('#nick', `guest${at}`);
  const asked = performance.now();
  await page.click('button.primary');
  await page.locator('#write:enabled').waitFor();
  await page.fill('#write', 'hello');
  await page.locator('#write').press('Enter');
  await page.locator('.own', { hasText: 'hello' }).waitFor();
  visits.push({ door, inside: { ...seen, ms: performance.now() - asked }, whole: { ms: performance.now() - begin } });
  await context.close();
}
await browser.close();
await house.close();
const told = (name, of) => console.log(`${name}: ${median(visits.map(of))}`);
told('requests to the door', ({ door }) => door.requests);
told('bytes to the door', ({ door }) => door.bytes);
told('requests to the first message', ({ inside }) => inside.requests);
told('bytes to the first message', ({ inside }) => inside.bytes);
told('ms to the door', ({ door }) => Math.round(door.ms));
told('ms from there to the first message', ({ inside }) => Math.round(inside.ms));
told('ms in all', ({ whole }) => Math.round(whole.ms));
