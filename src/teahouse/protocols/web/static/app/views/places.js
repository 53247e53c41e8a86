/** The list of rooms and conversations. Rule: what waits there is told in words too, not by colour alone. */
import { roving } from '../a11y.js';
import { face, fill, h, icon, iconButton } from '../dom.js';
import { few } from '../format.js';
import { ordered } from '../state.js';
import { colourOf } from '../text.js';

/** @param {import('../house.js').House} house @param {{go: () => void, me: () => void, chosen: () => void}} on */
export function placesView(house, on) {
  const rooms = h('ul', { 'aria-labelledby': 'rooms-title' });
  const talks = h('ul', { 'aria-labelledby': 'talks-title' });
  const talksPart = h('section', {}, h('h2', { id: 'talks-title' }, 'Private'), talks);
  const scroll = h('div.places', {},
    h('section', {}, h('div.title', {}, h('h2', { id: 'rooms-title' }, 'Rooms'), iconButton('plus', 'Find or make a room', on.go)), rooms), talksPart);
  const me = h('div.me');
  const shown = new Map();
  const said = (text) => h('span.unseen', {}, text);
  const tidy = roving(scroll, 'li > button');

  /** A place as it is shown; one that looks as before is not touched, for there may be hundreds. */
  function item(place, current) {
    const here = place.key === current;
    const waits = Boolean(place.unread || (place.last > place.read && !place.loaded));
    const draft = house.drafts.has(place.key) && !here;
    const looks = JSON.stringify([place.name, here, waits, draft, place.unread, place.mentions]);
    const entry = shown.get(place.key) ?? made(place.key);
    if (entry.looks === looks) return entry.element;
    entry.looks = looks;
    const { button } = entry;
    button.className = `place${waits ? ' waits' : ''}${place.mentions ? ' called' : ''}`;
    button.ariaCurrent = here ? 'page' : null;
    fill(button, place.kind === 'talk' ? [face(place.name, colourOf(place.name)), said('Private with ')] : icon('hash'), h('span.name', { dir: 'auto' }, place.name),
      draft && [icon('edit'), said(' a draft')], count(place, waits));
    return entry.element;
  }

  function made(key) {
    const button = h('button', { type: 'button', tabindex: '-1', data: { key }, on: { click: () => { house.open(key); on.chosen(); } } });
    const entry = { button, element: h('li', {}, button), looks: '' };
    shown.set(key, entry);
    return entry;
  }

  /** Put them in a list; where the order is as before, nothing moves. */
  function put(list, places, current) {
    const wanted = places.map((place) => item(place, current));
    if (wanted.length !== list.children.length || wanted.some((each, at) => each !== list.children[at])) list.replaceChildren(...wanted);
  }

  function count(place, waits) {
    if (place.mentions) return [h('span.count', {}, few(place.mentions)), said(' for you')];
    if (place.unread) return [h('span.few', {}, few(place.unread)), said(' unread')];
    return waits && [h('span.dot'), said(' something unread')];
  }

  house.store.watch((state) => [state.places, state.current], (_, current) => {
    const focused = document.activeElement?.closest?.('.place')?.dataset.key;
    const all = ordered(house.state);
    put(rooms, all.filter(({ kind }) => kind === 'room'), current);
    put(talks, all.filter(({ kind }) => kind === 'talk'), current);
    for (const key of shown.keys()) if (!house.state.places[key]) shown.delete(key);
    talksPart.hidden = !talks.firstChild;
    tidy();
    if (focused && !scroll.contains(document.activeElement)) shown.get(focused)?.button.focus();
  });
  house.store.watch((state) => [state.me, state.house], ({ nick, account, role }) => {
    fill(me, face(nick, colourOf(nick)), h('span', {}, h('b', { dir: 'auto' }, nick), h('small', {}, account ? (role && role !== 'member' ? role : 'account') : 'guest')),
      iconButton('gear', 'Settings', on.me));
  });
  return [scroll, me];
}
