/** What there is to do and to see. Rule: each section is made of what the house says, and tells `act` what is wanted. */
import { fill, h } from '../app/dom.js';
import { button, choice, field, form, panel, until, when } from './parts.js';

const SPANS = [['1h', 'for an hour'], ['1d', 'for a day'], ['1w', 'for a week'], ['', 'until lifted']];
const ACTIONS = [['refuse', 'refuse the line'], ['mute', 'mute for 10 minutes'], ['report', 'report it']];
const NOTHING = 'Nothing waits.';

/** @param {(command: string, text: string, focus?: HTMLElement) => Promise<boolean>} act */
export function reports(act, aim) {
  const part = panel('Open reports', 'panel.wide');
  const one = (each) => h('article.report', {},
    h('h3', {}, `${each.about}${each.room ? ` in ${each.room}` : ''}`),
    h('p.soft', {}, `Report ${each.number} by ${each.by}, `, when(each.at), each.address ? `, from ${each.address}` : ''),
    h('p.why', {}, each.reason),
    each.said.length ? h('ul.said', {}, each.said.map((line) => h('li', {}, line))) : null,
    form('form', ({ note }) => act('settle', `${each.number} ${note}`, part.heading),
      h('input', { name: 'note', type: 'text', placeholder: 'A note for who reported it', 'aria-label': `Note on report ${each.number}`, autocomplete: 'off', maxlength: 200 }),
      h('button.do', { type: 'submit', 'aria-label': `Settle report ${each.number}` }, 'Settle'),
      button('Ban or silence…', () => aim(each.about, each.reason), 'quiet', { 'aria-label': `Ban or silence ${each.about}` })));
  return { part, show(found) {
    part.count(found.length, true);
    part.show(found, () => (found.length ? found.map(one) : h('p.none', {}, NOTHING)));
  } };
}

export function rules(act) {
  const part = panel('Bans and silence, house-wide');
  const made = form('form', async ({ who, span, reason }, element, command) => {
    const length = command === 'kill' ? '' : span;
    if (await act(command, `${who.trim()} ${length} ${reason}`)) element.reset();
  }, h('div.fields', {},
    field('who', 'Who', { required: true, pattern: '\\S+', placeholder: 'nick, account:name, 192.0.2.0/24', spellcheck: 'false' }, 'long'),
    choice('span', 'How long', SPANS), field('reason', 'Why', { maxlength: 200 }, 'whole')),
  h('div.actions', {}, h('button.hard', { type: 'submit', value: 'houseban' }, 'Ban'), h('button.quiet', { type: 'submit', value: 'shun' }, 'Only listen'),
    h('button.quiet', { type: 'submit', value: 'kill' }, 'Put out once')));
  part.body.before(made);
  const row = (kind, undo) => (each) => h('li', {},
    h('span', {}, h('b', {}, each.about || each.mask), each.about ? ` ${each.mask}` : '', h('br'), h('small.soft', {}, `${each.reason ? `${each.reason}; ` : ''}by ${each.by}, `, when(each.at))),
    h('span.kind', {}, kind), until(each.until),
    button('Lift', () => act(undo, each.mask, part.heading), 'quiet.small', { 'aria-label': `Lift the ${kind} of ${each.about || each.mask}` }));
  return { part, show({ bans, shuns }) {
    part.count(bans.length + shuns.length);
    const list = () => h('ul.rules', {}, bans.map(row('ban', 'houseunban')), shuns.map(row('silence', 'unshun')));
    part.show({ bans, shuns }, () => (bans.length + shuns.length ? list() : h('p.none', {}, 'Nobody is kept out or silent.')));
  }, aim(nick, reason) {
    made.elements.who.value = nick;
    made.elements.reason.value = reason;
    made.elements.span.focus();
    made.scrollIntoView({ block: 'center' });
  } };
}

export function words(act) {
  const part = panel('Words that are not wanted');
  const made = form('form', async ({ pattern, action }, element) => {
    if (await act('housefilter', `${action} ${pattern}`)) element.reset();
  }, h('div.fields', {}, field('pattern', 'Words', { required: true, minlength: 3, maxlength: 100, placeholder: 'buy now, casino*, links' }, 'whole'), choice('action', 'What is done', ACTIONS),
    h('button.do', { type: 'submit' }, 'Add')));
  part.body.before(made);
  const row = (each) => h('li', {}, h('span', {}, h('b', {}, each.pattern), h('br'), h('small.soft', {}, each.lasts ? 'by the settings: back when the house opens again' : `by ${each.by}`)),
    h('span.kind', {}, each.action), button('Take away', () => act('houseunfilter', each.pattern, part.heading), 'quiet.small', { 'aria-label': `Take away the filter ${each.pattern}` }));
  return { part, show(found) {
    part.count(found.length);
    part.show(found, () => (found.length ? h('ul.words', {}, found.map(row)) : h('p.none', {}, 'Everything may be said.')));
  } };
}

export function rooms() {
  const part = panel('Rooms');
  const row = (each) => h('tr', {}, h('td', {}, each.name, each.hidden ? [' ', h('span.kind', {}, 'hidden')] : null), h('td.nr', {}, each.people), h('td', {}, each.topic));
  return { part, show(found) {
    part.count(found.length);
    part.show(found, () => scroll('Rooms', h('table', {}, head(['room'], ['people', 'nr'], ['topic']), h('tbody', {}, found.map(row)))));
  } };
}

/** @param {(query: object) => Promise<{acts: object[], more: boolean}>} ask */
export function audit(ask) {
  const part = panel('What was done', 'panel.wide');
  const rows = h('tbody', {});
  const more = button('Older ones', () => load(true), 'quiet.more', { hidden: true });
  const none = h('p.none', { hidden: true }, 'Nothing like that was done.');
  let query = {};
  let last = 0;
  const row = (each) => h('tr', {}, h('td.nr', {}, each.number), h('td.when', {}, when(each.at)), h('td', {}, each.by), h('td', {}, h('b', {}, each.what)),
    h('td', {}, each.about), h('td', {}, each.room), h('td.why', {}, each.settles ? `${each.reason} (report ${each.settles})` : each.reason), h('td', {}, each.address));
  async function load(older = false) {
    const found = await ask({ ...query, ...(older ? { before: last } : {}) });
    if (!found) return;
    if (!older) fill(rows);
    rows.append(...found.acts.map(row));
    last = found.acts.at(-1)?.number ?? 0;
    more.hidden = !found.more;
    none.hidden = rows.rows.length > 0;
  }
  const filter = form('form', (values) => {
    query = Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim()));
    return load();
  }, h('div.fields.few', {}, field('what', 'What', { placeholder: 'ban' }), field('by', 'By'), field('about', 'About'), field('room', 'Room'), h('button.quiet', { type: 'submit' }, 'Show')));
  fill(part.body, filter, scroll('What was done', h('table.acts', {}, head(['no.', 'nr'], ['when'], ['by'], ['what'], ['about'], ['room'], ['reason'], ['from']), rows)), none, more);
  return { part, load };
}

const head = (...columns) => h('thead', {}, h('tr', {}, columns.map(([name, kind]) => h(kind ? `th.${kind}` : 'th', { scope: 'col' }, name))));
const scroll = (label, table) => h('div.scroll', { role: 'region', 'aria-label': label, tabindex: 0 }, table);
