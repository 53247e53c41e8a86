/** Who is here. Rule: those who keep order first, then by name; away is said and shown; of a crowd, as far as one looks. */
import { roving } from '../a11y.js';
import { face, fill, h } from '../dom.js';
import { inOrder, peopleIn } from '../members.js';
import { colourOf, fold } from '../text.js';

const MANY = 20;
const TYPING_MS = 250;
const NAMES = { admin: 'Keepers of the house', moderator: 'Keepers of the house', owner: 'Owners', operator: 'Operators', voice: 'Voices' };
const ELSE = 'Everyone else';

/** Members in groups as they are shown. @param {import('../state.js').Member[]} members */
export function grouped(members) {
  const groups = new Map();
  for (const member of [...members].sort(inOrder)) {
    const name = NAMES[member.role] ?? ELSE;
    groups.set(name, groups.get(name) ?? []);
    groups.get(name).push(member);
  }
  return groups;
}

/** @param {import('../house.js').House} house @param {(nick: string) => void} choose */
export function membersView(house, choose) {
  const lists = h('div.lists');
  const title = h('h2', {}, 'Members');
  const filter = h('input', { type: 'search', placeholder: 'Find someone', 'aria-label': 'Find a member', autocomplete: 'off', spellcheck: 'false', hidden: true });
  const end = h('p.more', { hidden: true }, 'One moment…');
  const tidy = roving(lists, 'li > button');
  let timer = 0, key = '', found = null, shown = new Map(), still = new Map();
  const here = () => house.state.places[house.state.current];

  /** A member as shown; one that looks as before is not made anew, for there may be thousands. */
  function item(member) {
    const looks = JSON.stringify([member.nick, member.away, member.bot]);
    const known = shown.get(looks) ?? made(member);
    still.set(looks, known);
    return known;
  }

  const made = (member) => h('li', {}, h(`button.member${member.away ? '.away' : ''}`, {
    type: 'button', tabindex: '-1', data: { nick: member.nick }, on: { click: () => choose(member.nick) }, title: member.away ? `away: ${member.away}` : null,
  }, face(member.nick, colourOf(member.nick)), h('span.name', { dir: 'auto' }, member.nick),
  member.bot && h('span.badge', {}, 'bot'), member.away && h('small', {}, 'away')));

  function draw() {
    timer = 0;
    const place = here();
    const focused = lists.contains(document.activeElement) ? document.activeElement.dataset.nick : null;
    const people = place ? peopleIn(place) : 0;
    title.textContent = `Members · ${people.toLocaleString()}`;
    filter.hidden = people <= MANY;
    const wanted = filter.hidden ? '' : fold(filter.value.trim());
    const known = Object.values(place?.members ?? {});
    const groups = grouped(wanted ? (found ?? known.filter(({ nick }) => fold(nick).includes(wanted))) : known);
    const alone = groups.size === 1 && groups.has(ELSE);
    fill(lists, [...groups].map(([name, all]) => h('section', {}, !alone && h('h3', {}, name, ' ', place?.whole && h('small', {}, all.length)), h('ul', { 'aria-label': alone ? 'Members' : name }, all.map(item)))),
      wanted && !groups.size && h('p.more', {}, 'Nobody here is called that.'));
    [shown, still] = [still, new Map()];
    end.hidden = !place || place.whole || Boolean(wanted);
    tidy();
    if (focused) (lists.querySelector(`[data-nick="${CSS.escape(focused)}"]`) ?? lists.querySelector('[tabindex="0"]'))?.focus();
    watcher.unobserve(end);
    watcher.observe(end); // it may be in sight still
  }

  const later = (ms = 50) => { timer ||= setTimeout(draw, ms); };
  const watcher = new IntersectionObserver((all) => {
    if (all.some((each) => each.isIntersecting)) void house.moreMembers(key).catch(() => {});
  }, { rootMargin: '200px' });

  /** In a crowd the house looks, for here one knows only some. */
  async function look() {
    const begins = filter.value.trim();
    const crowd = begins && here()?.whole === false ? await house.membersLike(key, begins).catch(() => []) : null;
    if (begins !== filter.value.trim()) return;
    found = crowd;
    later(0);
  }

  let waiting = 0;
  filter.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, here()?.whole ? 0 : TYPING_MS);
  });
  house.store.watch((state) => [state.current], (current) => {
    [key, found, filter.value] = [current, null, ''];
  });
  house.store.watch((state) => [state.places[state.current]?.members, state.places[state.current]?.people], () => later());
  return [h('div.title', {}, title), filter, lists, end];
}
