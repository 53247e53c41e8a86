/** Who is here. Rule: those who keep order first, then by name; away is said and shown. */
import { roving } from '../a11y.js';
import { face, fill, h } from '../dom.js';
import { rank } from '../state.js';
import { colourOf, fold } from '../text.js';

const MOST = 500;
const NAMES = { admin: 'Keepers of the house', moderator: 'Keepers of the house', owner: 'Owners', operator: 'Operators', voice: 'Voices' };
const ELSE = 'Everyone else';

/** Members in groups as they are shown. @param {import('../state.js').Member[]} members */
export function grouped(members) {
  const groups = new Map();
  const sorted = [...members].sort((a, b) => place(b) - place(a) || (fold(a.nick) < fold(b.nick) ? -1 : 1));
  for (const member of sorted.slice(0, MOST)) {
    const name = NAMES[member.role] ?? ELSE;
    groups.set(name, [...(groups.get(name) ?? []), member]);
  }
  return groups;
}

const place = ({ role }) => (NAMES[role] ? rank(role) : 0);

/** @param {import('../house.js').House} house @param {(nick: string) => void} choose */
export function membersView(house, choose) {
  const lists = h('div.lists');
  const title = h('h2', {}, 'Members');
  const tidy = roving(lists, 'li > button');
  let timer = 0;

  const item = (member) => h('li', {}, h(`button.member${member.away ? '.away' : ''}`, {
    type: 'button', tabindex: '-1', data: { nick: member.nick }, on: { click: () => choose(member.nick) }, title: member.away ? `away: ${member.away}` : null,
  }, face(member.nick, colourOf(member.nick)), h('span.name', { dir: 'auto' }, member.nick),
  member.bot && h('span.badge', {}, 'bot'), member.away && h('small', {}, 'away')));

  function draw() {
    timer = 0;
    const focused = lists.contains(document.activeElement) ? document.activeElement.dataset.nick : null;
    const members = Object.values(house.state.places[house.state.current]?.members ?? {});
    title.textContent = `Members · ${members.length}`;
    const groups = grouped(members);
    const alone = groups.size === 1 && groups.has(ELSE);
    fill(lists, [...groups].map(([name, all]) => h('section', {}, !alone && h('h3', {}, name, ' ', h('small', {}, all.length)), h('ul', { 'aria-label': alone ? 'Members' : name }, all.map(item)))),
      members.length > MOST && h('p.more', {}, `and ${members.length - MOST} more`));
    tidy();
    if (focused) (lists.querySelector(`[data-nick="${CSS.escape(focused)}"]`) ?? lists.querySelector('[tabindex="0"]'))?.focus();
  }

  house.store.watch((state) => [state.places[state.current]?.members], () => { timer ||= setTimeout(draw, 50); });
  return [h('div.title', {}, title), lists];
}
