/** The moderators' page: the door, and what is behind it. Rule: nothing but wiring; it looks again by itself while it is
 * seen, and says what came of everything that is done. */
import { byId, fill, h } from '../app/dom.js';
import { button, field, form } from './parts.js';
import { audit as ask, overview, Refused, run, signIn, signOut, token } from './house.js';
import { audit, reports, rooms, rules, words } from './sections.js';

const EVERY_MS = 15_000;
const TOLD_MS = 8000;
const LOCAL = ['localhost', '127.0.0.1', '[::1]'];
const main = byId('main');
let inside = null;
let timer = 0;
let silence = 0;

// ---- saying ----------------------------------------------------------------------------------------------------

function tell(text, bad = false) {
  clearTimeout(silence);
  fill(byId('told'), h(bad ? 'p.bad' : 'p', {}, text));
  silence = setTimeout(() => fill(byId('told')), TOLD_MS);
}

/** Do it; what went wrong is said. Undefined then. */
async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (error.status === 401 || (error.status === 403 && !inside)) leave(error.message);
    else tell(error.message, true);
    return undefined;
  }
}

// ---- the door --------------------------------------------------------------------------------------------------

function door(problem = '') {
  inside = null;
  byId('out').hidden = true;
  const error = h('p.error', { role: 'alert' });
  const sent = async ({ name, password }) => {
    error.textContent = '';
    try {
      await signIn(name, password);
    } catch (refused) {
      token.forget();
      error.textContent = refused.message;
      return;
    }
    await open();
  };
  const open_ = location.protocol === 'http:' && !LOCAL.includes(location.hostname);
  const made = form('form', sent,
    h('div.part', {}, field('name', 'Account', { required: true, autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false' })),
    h('div.part', {}, field('password', 'Password', { type: 'password', required: true, autocomplete: 'current-password' })),
    h('button.do', { type: 'submit' }, 'Sign in'), error);
  fill(main, h('div.door', {}, h('h1', {}, 'Moderation'),
    h('p.soft', {}, open_ ? 'This line is not encrypted: others on the way can read the password.' : 'For moderators and admins of the house.'), made));
  error.textContent = problem;
  made.elements.name.focus();
}

function leave(problem = '') {
  token.forget();
  clearTimeout(timer);
  timer = 0;
  door(problem);
}

// ---- inside ----------------------------------------------------------------------------------------------------

function furnish() {
  const keeping = rules(act);
  const all = { reports: reports(act, keeping.aim), rules: keeping, words: words(act), rooms: rooms(), audit: audit((query) => attempt(() => ask(query))) };
  const locked = h('button.switch', { type: 'button', role: 'switch', 'aria-checked': 'false', 'aria-describedby': 'lockdown-says',
    on: { click: () => act('lockdown', locked.getAttribute('aria-checked') === 'true' ? 'off' : 'on') } }, 'Lockdown', h('span.knob', { 'aria-hidden': 'true' }));
  const who = h('p.soft', {});
  const says = h('p.soft', { id: 'lockdown-says' });
  const part = (name) => all[name].part.element;
  fill(main, h('div.lead', {}, h('div', {}, h('h1', {}, 'Moderation'), who), h('div.actions', {}, button('Look again', look), locked)), says,
    part('reports'), h('div.columns', {}, part('rules'), h('div.stack', {}, part('words'), part('rooms'))), part('audit'));
  return { ...all, show(seen) {
    byId('house').textContent = seen.house;
    document.title = `${seen.reports.length ? `(${seen.reports.length}) ` : ''}Moderation: ${seen.house}`;
    who.textContent = `${seen.me.name}, ${seen.me.role}. ${seen.people === 1 ? '1 person is' : `${seen.people} people are`} in the house.`;
    locked.setAttribute('aria-checked', String(seen.lockdown));
    says.textContent = seen.lockdown ? 'Lockdown: no new guests come in, and nobody registers.' : '';
    for (const name of ['reports', 'words', 'rooms']) all[name].show(seen[name === 'words' ? 'filters' : name]);
    all.rules.show(seen);
  } };
}

/** Run a command of the house; then look what has come of it. True if it was done. */
async function act(command, text, focus) {
  const done = await attempt(() => run(command, text.trim()));
  if (!done) return false;
  tell(done.said.join(' ') || 'Done.');
  inside?.show(done.seen);
  await inside?.audit.load();
  focus?.focus();
  return true;
}

async function look() {
  clearTimeout(timer);
  timer = 0;
  const seen = await attempt(overview);
  if (seen) {
    inside ??= furnish();
    inside.show(seen);
  }
  if (token.get() && !document.hidden) timer = setTimeout(look, EVERY_MS);
  return Boolean(seen);
}

async function open() {
  if (!(await look())) return;
  byId('out').hidden = false;
  main.focus();
  await inside.audit.load();
}

byId('out').addEventListener('click', async () => {
  await attempt(signOut);
  leave();
});
document.addEventListener('visibilitychange', () => !document.hidden && inside && !timer && look());
if (token.get()) open();
else door();
