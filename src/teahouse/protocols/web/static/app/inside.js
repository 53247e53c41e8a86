/** The page once one is in: puts the parts together. Rule: nothing but wiring; dialogs are loaded when asked for. */
import { Announcer } from './a11y.js';
import { byId, fill } from './dom.js';
import { listen, step } from './keys.js';
import { linkTo, targetIn, targetOf } from './anchor.js';
import { wearBadge } from './badge.js';
import { callOut, loudness } from './notify.js';
import { Push, attend } from './push.js';
import { placeOf } from './adding.js';
import { signsOf } from './lines.js';
import { clean, fold } from './text.js';
import { composerView } from './views/composer.js';
import { headerView } from './views/header.js';
import { logView } from './views/log.js';
import { membersView } from './views/members.js';
import { placesView } from './views/places.js';
import { statusView } from './views/status.js';
import { toastsView } from './views/toasts.js';
import { drawers } from './views/drawers.js';

/** @param {import('./house.js').House} house */
export function furnish(house) {
  const announcer = new Announcer(byId('announcer'));
  const announce = (text) => announcer.say(text);
  const dialogs = () => import('./views/dialogs.js');
  const push = new Push(house);

  const shade = drawers(byId('places'), byId('members'));
  const open = {
    go: async () => (await dialogs()).goDialog(house),
    search: async () => (await dialogs()).searchDialog(house),
    help: async () => (await dialogs()).helpDialog(house),
    settings: async () => (await dialogs()).settingsDialog(house, push, open.help),
    emoji: async (chosen, title) => (await dialogs()).emojiDialog(chosen, title),
    person: async (nick) => (await import('./views/person.js')).personDialog(house, nick, composer.insert),
  };

  const composer = composerView(house, { announce, openEmoji: open.emoji });
  const log = logView(house, act);

  function act(line, what, sign) {
    if (!line) return;
    const key = house.state.current;
    const react = (chosen) => {
      const mine = signsOf(house.state.places[key]?.signs[line.id]).find((each) => each.sign === chosen)?.who ?? [];
      const gone = mine.some((nick) => fold(nick) === fold(house.state.me.nick));
      void house.act('react', key, { target: line.id, sign: chosen, ...(gone ? { gone } : {}) });
    };
    if (what === 'go') void house.join(sign, '', { quiet: false }).catch((error) => house.emit('notice', error.message));
    else if (what === 'link') void copyLink(key, line);
    else if (what === 'person') void open.person(line.who);
    else if (what === 'reply') composer.reply(line);
    else if (what === 'edit' && line.own) composer.edit(line);
    else if (what === 'sign') react(sign);
    else if (what === 'react') void open.emoji(react, 'React');
    else if (what === 'delete' && house.mayDelete(house.state.places[key], line)) void remove(line, key);
  }

  async function copyLink(key, { id }) {
    const link = linkTo(location.href, key, id);
    try {
      await navigator.clipboard.writeText(link);
      house.emit('notice', 'The link to that line is copied.', 'done');
    } catch {
      house.emit('notice', `Your browser does not let me copy it. The link: ${link}`);
    }
  }

  /** A link opens at its place, or at its line, once one is in; and those in a conversation do so here. */
  function followLinks() {
    const here = () => {
      const link = targetIn(location.hash);
      if (!link || !house.state.current) return;
      history.replaceState(null, '', location.pathname + location.search);
      void house.visit(link);
    };
    house.store.watch((state) => [state.phase === 'in' && Boolean(state.current)], here);
    addEventListener('hashchange', here);
    log.element.addEventListener('click', (event) => {
      const link = event.target.closest('a[href]') && targetOf(event.target.closest('a[href]').href, location.href);
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      void house.visit(link);
    });
  }

  async function remove(line, key) {
    const { ask, field } = await dialogs();
    const { h } = await import('./dom.js');
    const reason = !line.own && field('Reason (everyone sees it)', h('input', { name: 'reason', autocomplete: 'off', maxlength: '200' }));
    const values = await ask(line.own ? 'Take this line back?' : `Remove this line of ${line.who}?`, { text: line.text.slice(0, 200), fields: [reason], go: line.own ? 'Take back' : 'Remove', danger: true });
    if (values) await house.act('delete', key, { target: line.id, ...(values.get('reason') ? { reason: values.get('reason') } : {}) });
  }

  async function topic(place) {
    const { ask, field } = await dialogs();
    const { h } = await import('./dom.js');
    const input = h('input', { name: 'topic', value: place.topic, maxlength: '390', autofocus: true, autocomplete: 'off' });
    const values = await ask(`Topic of ${place.name}`, { fields: [field('Topic', input)], go: 'Set' });
    const text = values && clean(values.get('topic')).replace(/\s+/gu, ' ').trim();
    if (text && text !== place.topic) await house.line(place.key, `/topic ${text}`);
  }

  fill(byId('places'), byId('brand'), placesView(house, { go: open.go, me: open.settings, chosen: () => { shade.close(); } }));
  fill(byId('bar'), headerView(house, {
    rooms: () => shade.toggle('places'), members: () => shade.toggle('members'), search: open.search, help: open.help, topic,
    leave: () => house.part(house.state.current).catch((error) => house.emit('notice', error.message)),
  }));
  fill(byId('talk'), log.element, composer.element);
  composer.takeFiles(byId('talk'));
  fill(byId('members'), membersView(house, (nick) => { shade.close(); void open.person(nick); }));
  document.body.append(statusView(house), toastsView(house));

  listen(house, {
    placeUp: () => step(house, -1), placeDown: () => step(house, 1), unreadUp: () => step(house, -1, true), unreadDown: () => step(house, 1, true),
    go: open.go, search: open.search, '?': open.help, Escape: () => (shade.close() || composer.focus()), write: () => composer.focus(),
    F6: () => {
      const parts = [byId('write'), byId('places').querySelector('[tabindex="0"]'), log.scroller, byId('members').querySelector('[tabindex="0"]')].filter((each) => each?.offsetParent);
      const at = parts.findIndex((each) => each.contains(document.activeElement));
      parts[(at + 1) % parts.length]?.focus();
    },
  });

  house.store.watch((state) => [state.phase === 'in' && Boolean(state.current)], (here) => {
    if (here && matchMedia('(min-width: 700px)').matches) requestAnimationFrame(composer.focus); // it is shown by then
  });
  house.store.watch((state) => [state.places[state.current]?.kind], (kind) => { byId('app').dataset.kind = kind ?? ''; });
  let asking = null;
  house.store.watch((state) => [state.prompt], async (prompt) => {
    asking?.close();
    asking = prompt ? (await dialogs()).promptDialog(house, prompt) : null;
  });
  house.on('sent', () => void log.toEnd());
  house.on('said-here', announce);
  house.on('event', (event) => {
    const { current, places } = house.state;
    const key = placeOf(house.state, event);
    const loud = loudness(event, house.state);
    if (loud !== 'none' && key === current) announce(`${clean(event.who)}: ${clean(event.text)}`);
    else if (loud === 'mention') announce(`${clean(event.who)} names you in ${places[key]?.name ?? 'private'}`);
    else if (event.type === 'failed' || event.type === 'notice' || event.type === 'announced') announce(clean(event.plain));
  });
  callOut(house, push);
  attend(house, push);
  wearBadge(house);
  followLinks();
  setTimeout(() => Promise.all([dialogs(), import('./views/person.js')]).catch(() => {}), 2000); // they will be needed, and not only while there is a connection
}
