/** The status page, alive. Rule: it asks again only when the last answer is there, and never while nobody looks. */
import { byId, fill, h } from '../app/dom.js';
import { bar, ceiling, hour } from './svg.js';
import { tiles } from './tiles.js';
import { lately, says } from './words.js';

const EVERY_MS = 3000;
const SLOWEST_MS = 60_000;
const TOO_LONG_MS = 10_000;
const LEAST = { size: 1024, late: 1, count: 1 };
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const charts = [...document.querySelectorAll('[data-chart]')];
const details = document.querySelector('details.table');
let seen = null;
let paused = false;
let timer = 0;
let wait = EVERY_MS;

// ---- showing ---------------------------------------------------------------------------------------------------

function show() {
  if (!seen) return;
  byId('at').textContent = clock.format(new Date(seen.at));
  byId('at').setAttribute('datetime', seen.at);
  for (const [name, [number, note]] of Object.entries(tiles(seen))) {
    const tile = document.querySelector(`[data-tile="${name}"]`);
    put(tile.querySelector('b'), number);
    put(tile.querySelector('span'), note);
  }
  for (const each of charts) draw(each);
  table('protocols', seen.protocols.map(({ name, count }) => [name, count]));
  table('rooms', seen.rooms.shown.map(({ name, people }) => [name, people]));
  if (details.open) minutes();
}

/** Text, only where it is another one: a reader's selection stays. */
function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function draw(section) {
  const { chart, drawn } = section.dataset;
  const say = says[section.dataset.says];
  const values = seen.hour[chart];
  const most = Math.max(...values);
  const said = `${drawn === 'bars' ? 'this minute so far' : 'now'} ${say(values.at(-1))}, at most ${say(most)} in the last ${lately(values.length)}`;
  const plot = section.querySelector('.plot');
  const top = ceiling(most * 1.05, LEAST[section.dataset.says], section.dataset.says === 'size' ? 2 : 10);
  const svg = hour({ values, drawn, width: Math.max(160, plot.clientWidth), top, say, label: `${section.querySelector('h2').textContent}: ${said}` });
  if (!section.matches(':hover')) put(section.querySelector('p'), said);
  plot.replaceChildren(svg);
}

function table(id, rows) {
  const most = Math.max(1, ...rows.map(([, value]) => value));
  const body = rows.map(([name, value]) => h('tr', {}, h('th', { scope: 'row' }, name), h('td', {}, bar(value / most)), h('td', {}, says.count(value))));
  fill(byId(id).tBodies[0], ...(body.length ? body : [h('tr', {}, h('td', { colspan: 3 }, 'Nobody, just now.'))]));
  const head = byId(id).tHead.rows[0];
  if (head.cells.length === 2) head.cells[0].after(h('td', {}));
}

function minutes() {
  const columns = charts.map((each) => [seen.hour[each.dataset.chart], says[each.dataset.says]]);
  const rows = seen.hour.messages.map((_, ago) => h('tr', {},
    h('th', { scope: 'row' }, ago ? `${ago} min ago` : 'this minute'),
    columns.map(([values, say]) => h('td', {}, say(values.at(-1 - ago))))));
  fill(byId('hour').tBodies[0], ...rows);
}

/** What one minute had, for those who point at it. */
function point(section, event) {
  const box = section.querySelector('svg')?.getBoundingClientRect();
  const values = seen?.hour[section.dataset.chart];
  if (!box || !values) return;
  const ago = Math.min(values.length - 1, Math.max(0, Math.floor((box.right - event.clientX) / (box.width / 60))));
  put(section.querySelector('p'), `${ago ? `${ago} min ago` : 'this minute'}: ${says[section.dataset.says](values.at(-1 - ago))}`);
}

// ---- asking ----------------------------------------------------------------------------------------------------

async function ask() {
  timer = 0;
  try {
    const answer = await fetch('status.json', { cache: 'no-store', signal: AbortSignal.timeout(TOO_LONG_MS) });
    if (!answer.ok) throw new Error(`the house answers ${answer.status}`);
    seen = await answer.json();
    wait = EVERY_MS;
    put(byId('trouble'), '');
    show();
  } catch (error) {
    wait = Math.min(SLOWEST_MS, wait * 2);
    put(byId('trouble'), 'The house cannot be reached just now: these numbers are old. Trying again.');
    console.info(error.message);
  }
  again();
}

function again() {
  if (!paused && !document.hidden && !timer) timer = setTimeout(ask, wait);
}

function press() {
  paused = !paused;
  clearTimeout(timer);
  timer = 0;
  byId('pause').textContent = paused ? 'Go on' : 'Pause';
  byId('live').textContent = paused ? ', and not asked again' : '';
  if (!paused) ask();
}

for (const each of charts) {
  each.addEventListener('pointermove', (event) => point(each, event));
  each.addEventListener('pointerleave', () => seen && draw(each));
}
byId('pause').hidden = false;
byId('pause').addEventListener('click', press);
details.addEventListener('toggle', () => details.open && seen && minutes());
document.addEventListener('visibilitychange', () => !document.hidden && !paused && !timer && ask());
new ResizeObserver(() => seen && charts.forEach(draw)).observe(byId('main'));
ask();
