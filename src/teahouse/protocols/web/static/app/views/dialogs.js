/** What opens over the page: rooms, search, settings, help, people. Rule: loaded when first asked for. */
import { plainUsage } from '../complete.js';
import { fill, h, icon } from '../dom.js';
import { shortMoment } from '../format.js';
import { KEYS } from '../keys.js';
import { EMOJI, SIGNS } from '../emoji.js';
import { rank } from '../state.js';
import { clean, fold } from '../text.js';
import { awaySwitch } from './away.js';
import { ask, field, openDialog } from './dialog.js';
import { spans } from './row.js';

/** Rooms there are, and a new one. @param {import('../house.js').House} house */
export async function goDialog(house) {
  const input = h('input', { type: 'search', autofocus: true, autocomplete: 'off', placeholder: 'Find or name a room', 'aria-label': 'Find a room, or name a new one', maxlength: '50' });
  const results = h('ul.results');
  const problem = h('p.problem', { role: 'alert' });
  const form = h('form', { on: { submit: (event) => { event.preventDefault(); results.querySelector('button')?.click(); } } }, input);
  const dialog = openDialog('Rooms', { kind: 'wide' }, form, problem, results);

  async function go(name) {
    try {
      await enter(house, name);
      dialog.close();
    } catch (error) {
      fill(problem, icon('warn'), error.message);
    }
  }
  function draw() {
    const wanted = fold(input.value.trim().replace(/^#/u, ''));
    const found = house.state.rooms.filter(({ name, topic }) => fold(name).includes(wanted) || fold(topic ?? '').includes(wanted))
      .sort((a, b) => Number(fold(b.name).startsWith(wanted)) - Number(fold(a.name).startsWith(wanted)) || b.people - a.people);
    const exact = house.state.rooms.some(({ key }) => key === wanted);
    fill(results, found.slice(0, 100).map((room) => h('li', {}, h('button.result', { type: 'button', on: { click: () => go(room.name) } },
      icon('hash'), h('span.text', {}, h('b', { dir: 'auto' }, clean(room.name)), h('small', { dir: 'auto' }, clean(room.topic))),
      h('small', {}, house.state.places[room.key] ? 'you are here' : `${room.people} ${room.people === 1 ? 'person' : 'people'}`)))),
    !wanted && !found.length && h('li', {}, h('p.hint', {}, 'There are no rooms to see. Name one, and it is there.')),
    wanted && !exact && h('li', {}, h('button.result', { type: 'button', on: { click: () => go(input.value.trim().replace(/^#/u, '')) } },
      icon('plus'), h('span.text', {}, h('b', {}, `Make “${input.value.trim()}”`), h('small', {}, 'A new room, and you keep order in it.')))));
  }
  input.addEventListener('input', draw);
  draw();
  await house.refreshRooms().catch((error) => fill(problem, icon('warn'), error.message));
  draw();
}

/** Join a room; where it wants a password, ask for that. */
async function enter(house, name) {
  if (house.state.places[fold(name)]) return house.open(fold(name));
  try {
    return await house.join(name, '', { quiet: false });
  } catch (error) {
    if (error.code !== 'wrong-room-password') throw error;
  }
  const input = h('input', { type: 'password', name: 'password', required: true, autofocus: true, autocomplete: 'off' });
  return ask(`${name} has a password`, { fields: [field('Password', input)], go: 'Go in', check: (values) => house.join(name, values.get('password'), { quiet: false }) });
}

/** A text with the words that were looked for made visible. @param {string[]} words */
function withMarks(text, words) {
  if (!words.length) return text;
  const any = new RegExp(`(${words.map((word) => word.replace(/[.*+?^${}()|[\]\\/]/gu, '\\$&')).join('|')})`, 'giu');
  return text.split(any).map((part, at) => (at % 2 ? h('mark', {}, part) : part));
}

/** @param {import('../house.js').House} house */
export function searchDialog(house) {
  const place = house.state.places[house.state.current];
  const input = h('input', { type: 'search', autofocus: true, placeholder: 'Words, from:nick, in:room, since:2d', 'aria-label': 'Search for', autocomplete: 'off' });
  const here = h('input', { type: 'checkbox' });
  const results = h('ol.results', { 'aria-label': 'Found' });
  const state = h('p.hint', { role: 'status' });
  const form = h('form.search', { on: { submit: run } }, input, h('button.primary', { type: 'submit' }, 'Search'));
  const only = place?.kind === 'room' && h('label.check', {}, here, h('span', {}, `Only in ${place.name}`));
  const dialog = openDialog('Search what was said', { kind: 'wide' }, form, only, state, results);

  async function run(event) {
    event.preventDefault();
    const words = input.value.trim();
    if (!words) return;
    state.textContent = 'Looking…';
    try {
      const events = await house.search(here.checked ? `${words} in:${place.key}` : words);
      state.textContent = events.length ? `${events.length} found${events.length > 1 ? ', the newest first' : ''}` : 'Nothing found. Try fewer words, or parts of them.';
      const marked = words.split(/\s+/u).filter((word) => !/^(?:from|in|since|before):/u.test(word));
      fill(results, events.map((found) => item(found, marked)));
    } catch (error) {
      state.textContent = error.message;
    }
  }
  function item(found, marked) {
    const name = house.state.places[found.room]?.name ?? clean(found.room);
    return h('li', {}, h('button.result', { type: 'button', on: { click: () => show(found) } },
      h('span.text', {}, h('small', {}, `${name} · ${shortMoment(found.at)}`), h('span', { dir: 'auto' }, h('b', {}, `${clean(found.who)} `), withMarks(clean(found.text ?? found.plain), marked)))));
  }
  async function show(found) {
    try {
      if (!house.state.places[found.room]) await house.join(found.room);
      dialog.close();
      await house.goTo(found.room, found.id);
    } catch (error) {
      state.textContent = error.message;
    }
  }
}

/** @param {import('../house.js').House} house */
export function settingsDialog(house, push, help) {
  const { settings } = house;
  const choice = (name, choices) => h('select', { on: { change: (event) => house.set({ [name]: event.target.value }) } },
    choices.map(([value, text]) => h('option', { value, selected: settings[name] === value }, text)));
  const check = (name, text) => h('label.check', {}, h('input', { type: 'checkbox', checked: settings[name], on: { change: (event) => house.set({ [name]: event.target.checked }) } }), h('span', {}, text));
  const hint = h('p.hint', { role: 'status' });
  const notify = choice('notify', [['off', 'Never'], ['mention', 'When I am named, and private messages'], ['all', 'For everything']]);
  notify.addEventListener('change', async () => {
    if (notify.value === 'off' || !globalThis.Notification) return;
    const allowed = await Notification.requestPermission();
    if (allowed !== 'granted') hint.textContent = 'Your browser does not allow notifications from here: change that in its settings for this site.';
  });
  const { nick, account } = house.state.me;
  const dialog = openDialog('Settings', {},
    field('Colours', choice('theme', [['system', 'As my system has it'], ['light', 'Light'], ['dark', 'Dark']])),
    field('Notifications while this page is open', notify), hint, awaySwitch(push), check('sound', 'A soft sound when I am named'), check('compact', 'Lines closer together'),
    check('comings', 'Show who comes and goes'), check('typing', 'Let others see that I write'),
    h('p.hint', {}, account ? `Kept on your account, ${account}.` : `Kept in this browser. You are here as a guest, ${nick}.`),
    h('div.buttons', {}, h('button.plain', { type: 'button', on: { click: () => { dialog.close(); help(); } } }, 'Help'),
      h('button.danger', { type: 'button', on: { click: () => { dialog.close(); void house.leave(); } } }, 'Sign out')));
}

/** @param {import('../house.js').House} house */
export function helpDialog(house) {
  const commands = house.commandsIn(house.state.current);
  openDialog('Help', { kind: 'broad' },
    h('div.shortcuts', {}, Object.entries(KEYS).map(([title, keys]) => h('section', {}, h('h3', {}, title),
      h('dl.keys', {}, keys.map(([chords, text]) => h('div', {}, h('dt', {}, chords.map(chord)), h('dd', {}, text))))))),
    h('h3', {}, 'Writing'), h('p', {}, h('kbd', {}, '`code`'), ' shows as code, ', h('kbd', {}, ':tea:'), ' becomes 🍵, and ', h('kbd', {}, '//'), ' begins a line with a slash.'),
    commands.length ? unfolding(`Commands here (${commands.length})`, h('dl.keys.over', { id: 'commands', hidden: true }, commands.map(({ name, usage, help }) => [h('dt', {}, h('kbd', {}, plainUsage(usage) || `/${name}`)), h('dd', {}, help.split('\n')[0])]))) : null);
}

/** What is long, under a button that shows it. */
function unfolding(title, content) {
  const button = h('button.plain', { type: 'button', 'aria-expanded': 'false', 'aria-controls': content.id, on: { click: () => {
    content.hidden = !content.hidden;
    button.setAttribute('aria-expanded', String(!content.hidden));
  } } }, title);
  return h('div.unfolding', {}, button, content);
}

/** Keys that are pressed together. */
const chord = (keys) => h('span.chord', {}, keys.split(' ').map((key) => h('kbd', {}, key)));

/** Choose an emoji. @param {(sign: string) => void} chosen */
export function emojiDialog(chosen, title = 'Emoji') {
  const input = h('input', { type: 'search', 'aria-label': 'Find an emoji', placeholder: 'Find', autocomplete: 'off' });
  const grid = h('div.emoji');
  const pick = (sign, name) => h('button', { type: 'button', 'aria-label': name, title: name, on: { click: () => { dialog.close(); chosen(sign); } } }, sign);
  const nameOf = (sign) => [...EMOJI].find(([, each]) => each === sign)?.[0] ?? sign;
  const draw = () => {
    const found = new Map([...SIGNS.map((sign) => [sign, nameOf(sign)]), ...[...EMOJI].map(([name, sign]) => [sign, name])]);
    fill(grid, [...found].filter(([sign, name]) => !input.value || name.includes(input.value.toLowerCase()) || EMOJI.get(input.value.toLowerCase()) === sign).map(([sign, name]) => pick(sign, name)));
  };
  input.addEventListener('input', draw);
  grid.addEventListener('keydown', (event) => {
    const all = [...grid.children];
    const columns = all.findIndex((each) => each.offsetTop > all[0].offsetTop);
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns, Home: -Infinity, End: Infinity }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = all.indexOf(event.target) + step;
    if (at < 0 && event.key === 'ArrowUp') input.focus();
    else all[Math.max(0, Math.min(all.length - 1, at))]?.focus();
  });
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowDown' && event.key !== 'Enter') return;
    event.preventDefault();
    grid.firstChild?.[event.key === 'Enter' ? 'click' : 'focus']();
  });
  const dialog = openDialog(title, { kind: 'small' }, input, grid);
  draw();
  grid.querySelector('button')?.focus();
}

/** A question of the house's. @param {import('../house.js').House} house */
export function promptDialog(house, { text, secret }) {
  const input = h('input', { name: 'answer', type: secret ? 'password' : 'text', autofocus: true, autocomplete: 'off' });
  let answered = false;
  const form = h('form', { on: { submit: (event) => { event.preventDefault(); answered = true; void house.answer(input.value); } } },
    field(clean(text), input), h('div.buttons', {}, h('button.primary', { type: 'submit' }, 'Answer')));
  return openDialog('The house asks', { kind: 'ask', closed: () => !answered && house.state.prompt && house.answer('') }, form);
}

export { ask, field, rank, spans };
