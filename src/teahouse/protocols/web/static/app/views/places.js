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
  const tidy = roving(scroll, 'li > button');

  function item(place, current) {
    const here = place.key === current;
    const waits = place.unread || (place.last > place.read && !place.loaded);
    const talk = place.kind === 'talk';
    const draft = house.drafts.has(place.key) && !here;
    const said = (text) => h('span.unseen', {}, text);
    return h('li', {}, h(`button.place${waits ? '.waits' : ''}${place.mentions ? '.called' : ''}`, {
      type: 'button', tabindex: '-1', 'aria-current': here ? 'page' : null, data: { key: place.key },
      on: { click: () => { house.open(place.key); on.chosen(); } },
    }, talk ? [face(place.name, colourOf(place.name)), said('Private with ')] : icon('hash'), h('span.name', { dir: 'auto' }, place.name),
    draft && [icon('edit'), said(' a draft')], count(place, waits, said)));
  }

  function count(place, waits, said) {
    if (place.mentions) return [h('span.count', {}, few(place.mentions)), said(' for you')];
    if (place.unread) return [h('span.few', {}, few(place.unread)), said(' unread')];
    return waits && [h('span.dot'), said(' something unread')];
  }

  house.store.watch((state) => [state.places, state.current], (_, current) => {
    const focused = document.activeElement?.closest?.('.place')?.dataset.key;
    const all = ordered(house.state);
    fill(rooms, all.filter(({ kind }) => kind === 'room').map((place) => item(place, current)));
    fill(talks, all.filter(({ kind }) => kind === 'talk').map((place) => item(place, current)));
    talksPart.hidden = !talks.firstChild;
    tidy();
    if (focused) scroll.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  });
  house.store.watch((state) => [state.me, state.house], ({ nick, account, role }) => {
    fill(me, face(nick, colourOf(nick)), h('span', {}, h('b', { dir: 'auto' }, nick), h('small', {}, account ? (role && role !== 'member' ? role : 'account') : 'guest')),
      iconButton('gear', 'Settings', on.me));
  });
  return [scroll, me];
}
