/** The door. Rule: a nick is enough; who has an account adds the password, and what went wrong stands beside it. */
import { fill, h, icon } from '../dom.js';

/** @param {import('../house.js').House} house */
export function signinView(house) {
  const title = h('h1', {}, 'Teahouse');
  const motd = h('p.motd');
  const nick = h('input', { id: 'nick', name: 'nick', required: true, autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false', maxlength: '32' });
  const password = h('input', { id: 'password', name: 'password', type: 'password', autocomplete: 'current-password' });
  const secret = h('div.part', {}, h('label', { for: 'password' }, 'Password'), password, h('p.hint', { id: 'password-hint' }));
  const remember = h('input', { type: 'checkbox', id: 'remember' });
  const keep = h('label.check', { for: 'remember' }, remember, h('span', {}, 'Remember me on this device'));
  const problem = h('p.problem', { role: 'alert' });
  const go = h('button.primary', { type: 'submit' });
  const ways = { guest: 'Guest', login: 'Sign in', register: 'Register' };
  let way = 'guest';

  const tabs = h('div.ways', { role: 'radiogroup', 'aria-label': 'How to come in' }, Object.entries(ways).map(([name, text]) => h('label', {},
    h('input', { type: 'radio', name: 'way', value: name, checked: name === way, on: { change: () => choose(name) } }), h('span', {}, text))));
  const form = h('form', { on: { submit } }, tabs,
    h('div.part', {}, h('label', { for: 'nick' }, 'Your nick'), nick), secret, keep, problem, go);
  const card = h('div.card', {}, h('span.logo', { 'aria-hidden': 'true' }), title, motd, form);

  function choose(name) {
    way = name;
    tabs.querySelector(`[value="${name}"]`).checked = true;
    const open = way === 'guest' && !house.state.house.password;
    secret.hidden = open;
    keep.hidden = way === 'guest';
    password.required = !open;
    password.autocomplete = way === 'register' ? 'new-password' : 'current-password';
    secret.querySelector('.hint').textContent = way === 'register' ? 'At least eight characters. It makes the nick yours.' : way === 'guest' ? 'The password of the house.' : '';
    go.textContent = way === 'register' ? 'Make the account and come in' : 'Come in';
    problem.textContent = '';
  }

  async function submit(event) {
    event.preventDefault();
    problem.textContent = '';
    go.disabled = true;
    const who = secret.hidden ? { nick: nick.value.trim() } : { nick: nick.value.trim(), password: password.value };
    try {
      await house.enter(way === 'register' ? 'register' : 'login', who, remember.checked && way !== 'guest');
      password.value = '';
    } catch (error) {
      if (error.code === 'password-needed') choose('login');
      fill(problem, icon('warn'), inWords(error));
      (/password/u.test(error.code) ? password : nick).focus();
    } finally {
      go.disabled = false;
    }
  }

  /** Without the commands that a terminal would have here. */
  function inWords({ code, message }) {
    if (code !== 'wrong-password') return message;
    if (way === 'guest') return 'That is not the password of the house.';
    return `That nick and password do not belong together.${house.state.house.registration === false ? '' : ' New here? Choose “Register”.'}`;
  }

  house.store.watch((state) => [state.house, state.why, state.phase], (info, why, phase) => {
    title.textContent = info.name || 'Teahouse';
    motd.textContent = info.motd || 'A quiet place to talk. Come in, take a seat.';
    tabs.children[0].hidden = info.guests === false;
    tabs.children[2].hidden = info.registration === false;
    if (info.guests === false && way === 'guest') {
      choose('login');
    } else if (info.password) choose(way);
    if (phase !== 'signin') return;
    if (why) fill(problem, icon('warn'), why);
    if (matchMedia('(min-width: 700px)').matches) requestAnimationFrame(() => nick.focus()); // it is shown by then
  });
  choose('guest');
  return card;
}
