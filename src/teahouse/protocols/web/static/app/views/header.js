/** The bar over a conversation: where one is, its topic, and what else can be done there. */
import { fill, h, icon, iconButton } from '../dom.js';
import { rank, roleIn } from '../state.js';
import { spans } from './row.js';

/** @param {import('../house.js').House} house @param {Record<string, () => void>} on */
export function headerView(house, on) {
  const title = h('h1', { tabindex: '-1' });
  const topic = h('div.topic');
  const members = iconButton('people', 'Members', on.members, { 'aria-controls': 'members' });
  const leave = iconButton('leave', 'Leave', on.leave);
  const bar = [
    iconButton('menu', 'Rooms', on.rooms, { class: 'tool only-narrow', 'aria-controls': 'places' }),
    h('div.where', {}, title, topic),
    h('div.tools', {}, iconButton('search', 'Search', on.search), members, leave,
      iconButton('help', 'Help and shortcuts', on.help, { class: 'tool only-wide' })),
  ];
  house.store.watch((state) => [state.places[state.current], state.me.role], (place) => {
    const room = place?.kind === 'room';
    fill(title, place ? [icon(room ? 'hash' : 'people'), h('span', { dir: 'auto' }, place.name)] : 'No room');
    members.hidden = !room;
    leave.hidden = !place;
    const name = room ? 'Leave this room' : 'Close this conversation';
    leave.setAttribute('aria-label', name);
    leave.title = name;
    if (!room) return fill(topic, place ? 'A private conversation' : '');
    const may = rank(roleIn(house.state, place)) >= rank('operator') || !place.topicLocked;
    return fill(topic, h('span', { dir: 'auto', title: place.topic }, place.topic ? spans(place.topic) : ''),
      may && h('button.plain', { type: 'button', on: { click: () => on.topic(place) } }, place.topic ? 'Change' : 'Set a topic'));
  });
  return bar;
}
