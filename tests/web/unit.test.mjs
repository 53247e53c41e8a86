/** The pure parts of the client: `node --test tests/web/`. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

const app = (name) => import(`../../src/teahouse/protocols/web/static/app/${name}.js`);
const { clean, colourOf, mentions, nickPattern, safeUrl, tokens, trimUrl } = await app('text');
const { emojiLike, withEmoji } = await app('emoji');
const { accept, completeNick, offer, readInput } = await app('complete');
const { merge, MOST, rowsOf, signsOf, withSign } = await app('lines');
const { blank, newPlace, roleIn } = await app('state');
const { inOrder, peopleIn, startOf, withMore } = await app('members');
const { opened, reduce, seen, withPage } = await app('reduce');
const { delay, comesBack } = await app('backoff');
const { settingsFrom } = await app('keeping');
const { batch } = await app('a11y');
const { linkTo, targetIn, targetOf } = await app('anchor');
const { titleOf } = await app('badge');
const { mayUpload, uploadAt, whyNot } = await app('uploading');
const { Connection } = await app('connection');
const { Store } = await app('store');

const at = '2026-11-20T12:00:00+00:00';
const said = (id, who, text, more = {}) => ({ type: 'said', room: 'lobby', id, at, who, text, plain: `${who}: ${text}`, ...more });
function inside(places = [newPlace('room', 'lobby', { joined: true, loaded: true })]) {
  return { ...blank(), phase: 'in', me: { nick: 'ann', account: 'ann', role: '' }, places: Object.fromEntries(places.map((each) => [each.key, each])), current: 'lobby' };
}
const after = (events, state = inside()) => events.reduce(reduce, state);

test('links are http or https, and end before the punctuation of the sentence', () => {
  assert.equal(safeUrl('javascript:alert(1)'), '');
  assert.equal(safeUrl('https://user:pass@x.example/'), '');
  assert.equal(trimUrl('https://x.example/a_(b)).'), 'https://x.example/a_(b)');
  assert.deepEqual(tokens('see https://x.example/a, ok').map(({ kind, text }) => [kind, text]),
    [['text', 'see '], ['link', 'https://x.example/a'], ['text', ', ok']]);
  assert.deepEqual(tokens('`https://x.example` http:// javascript:alert(1)').map(({ kind }) => kind), ['code', 'text']);
});

test('what would hurt a screen is taken out', () => {
  assert.equal(clean('a\u202eb\u0000c\u001b[31m\u000304,12d\r\ne'), 'abc[31md\ne');
});

test('names are found as whole words', () => {
  const found = tokens('Ann: anna, @ann ann-b (ann)', nickPattern(['ann', 'bob']), 'ann').filter(({ kind }) => kind === 'mention');
  assert.deepEqual(found.map(({ text, me }) => [text, me]), [['Ann', true], ['@ann', true], ['ann', true]]);
  assert.equal(mentions('a c++ day', 'c++'), true);
  assert.equal(mentions('banner', 'ann'), false);
  assert.equal(mentions('so, ann-b[x]/^|', 'ann-b[x]/^|'), true);
  assert.equal(colourOf('Ann'), colourOf('ann'));
});

test('emoji have short codes', () => {
  assert.equal(withEmoji('a :tea: :nothing: 12:30:45'), 'a 🍵 :nothing: 12:30:45');
  assert.equal(emojiLike('te')[0].name, 'tea');
});

test('a room that is renamed keeps all that is known of it', () => {
  const state = { ...after([said(1, 'bob', 'hi ann'), said(2, 'bob', 'tea?')]), watching: 'lobby', rooms: [{ key: 'lobby', name: 'lobby' }, { key: 'x', name: 'x' }] };
  const before = state.places.lobby;
  const event = { type: 'roomrenamed', room: 'pot', id: 3, at, who: 'bob', name: 'Pot', before: 'lobby', before_key: 'lobby', plain: 'bob renamed the room from lobby to Pot.' };
  const now = reduce(state, event);
  assert.deepEqual([Object.keys(now.places), now.current, now.watching], [['pot'], 'pot', 'pot']);
  assert.deepEqual(now.rooms, [{ key: 'pot', name: 'Pot' }, { key: 'x', name: 'x' }]);
  const { pot } = now.places;
  assert.deepEqual([pot.key, pot.name, pot.token, pot.members, pot.unread, pot.mentions], ['pot', 'Pot', before.token, before.members, 2, 1]);
  assert.deepEqual(pot.lines.map(({ text }) => text), ['hi ann', 'tea?', event.plain]);
  const cased = reduce(now, { ...event, id: 4, name: 'POT', before: 'Pot', before_key: 'pot' });
  assert.deepEqual([Object.keys(cased.places), cased.places.pot.name, cased.current], [['pot'], 'POT', 'pot']);
  const elsewhere = reduce({ ...state, places: {}, current: '' }, event);
  assert.deepEqual([Object.keys(elsewhere.places), elsewhere.rooms[0].key], [[], 'pot']);
});

test('commands, emoji and nicks are completed', () => {
  const commands = [{ name: 'join', usage: '/join <room>', help: 'Go.', aliases: ['j'] }, { name: 'kick', usage: '', help: 'Out.' }];
  const made = offer('/j', 2, commands);
  assert.deepEqual(accept('/j', made, made.choices[0]), { text: '/join ', caret: 6 });
  assert.equal(offer('a /j', 4, commands), null);
  assert.equal(offer('so :tea', 7, commands).choices[0].label, '🍵 :tea:');
  const first = completeNick('b', 1, ['bob', 'bea', 'amy']);
  assert.equal(first.text, 'bob: ');
  assert.equal(completeNick(first.text, first.caret, ['bob', 'bea', 'amy'], first).text, 'bea: ');
  assert.equal(completeNick('hi @a', 5, ['bob', 'amy']).text, 'hi @amy ');
  assert.deepEqual(readInput('//x'), { kind: 'say', text: '/x' });
  assert.deepEqual(readInput('/who '), { kind: 'line', text: '/who' });
  assert.equal(readInput(' \n').kind, 'nothing');
});

test('lines are there once, in order, and not too many', () => {
  let state = after([said(5, 'bob', 'b'), said(3, 'bob', 'a'), said(5, 'bob', 'b')]);
  assert.deepEqual(state.places.lobby.lines.map(({ id }) => id), [3, 5]);
  state = after(Array.from({ length: MOST + 20 }, (_, i) => said(10 + i, 'bob', 'x')), state);
  assert.equal(state.places.lobby.lines.length, MOST);
  assert.equal(state.places.lobby.more, true);
  assert.deepEqual(merge([], []), []);
});

test('pages of the past come before, and the present is let go past the bound', () => {
  let state = after(Array.from({ length: MOST }, (_, i) => said(1000 + i, 'bob', 'x')));
  state = withPage(state, { key: 'lobby', events: [said(900, 'amy', 'old')], more: true, where: 'before' });
  assert.equal(state.places.lobby.lines[0].id, 900);
  assert.equal(state.places.lobby.atEnd, false);
  const next = reduce(state, said(5000, 'bob', 'now'));
  assert.equal(next.places.lobby.lines.at(-1).id, 1398);
  assert.equal(withPage(next, { key: 'lobby', events: [said(5000, 'bob', 'now')], more: false, where: 'fresh' }).places.lobby.lines.length, 1);
});

test('unread lines and mentions are counted, and read ones are not', () => {
  let state = after([said(1, 'bob', 'hi'), said(2, 'bob', 'ann: you'), said(3, 'ann', 'x', { own: true }), said(4, 'bob', 'y')], { ...inside(), current: '' });
  assert.deepEqual([state.places.lobby.unread, state.places.lobby.mentions], [1, 0]);
  state = after([said(5, 'bob', 'ann?')], state);
  assert.deepEqual([state.places.lobby.unread, state.places.lobby.mentions], [2, 1]);
  assert.equal(opened(state, 'lobby').places.lobby.mark, 3);
  assert.equal(seen(state, 'lobby', 5).places.lobby.unread, 0);
  assert.equal(reduce(state, { type: 'marked', room: 'lobby', id: 9, read: 4 }).places.lobby.unread, 1);
});

test('lines are changed, taken back and given signs', () => {
  let state = after([said(1, 'bob', 'teh'), said(2, 'bob', 'x'), { type: 'edited', room: 'lobby', id: 3, who: 'bob', target: 1, text: 'the' },
    { type: 'deleted', room: 'lobby', id: 4, who: 'amy', targets: [2], author: 'bob' }, { type: 'reacted', room: 'lobby', id: 5, who: 'amy', target: 1, sign: '🍵' }]);
  const { lines, signs } = state.places.lobby;
  assert.deepEqual([lines[0].text, lines[0].edited, lines[1].gone], ['the', true, 'Removed by amy']);
  assert.deepEqual(signsOf(signs[1]), [{ sign: '🍵', who: ['amy'] }]);
  const gone = withSign(signs, { target: 1, sign: '🍵', who: 'amy', id: 7, gone: true });
  assert.deepEqual(signsOf(withSign(gone, { target: 1, sign: '🍵', who: 'amy', id: 5 })[1]), []);
});

test('people come, go, and change their names everywhere', () => {
  let state = after([{ type: 'entered', room: 'lobby', id: 1, at, who: 'bob', plain: 'bob has entered the room.' }, { type: 'whispered', room: '', id: 2, at, who: 'bob', to: 'ann', text: 'psst' }]);
  assert.equal(state.places['@bob'].mentions, 1);
  state = after([{ type: 'renamed', room: '', id: 3, at, who: 'bob', nick: 'rob', plain: 'bob is now known as rob.' }], state);
  assert.deepEqual([Object.keys(state.places), Object.keys(state.places.lobby.members)], [['lobby', '@rob'], ['rob']]);
  state = after([{ type: 'quit', room: '', id: 4, at, who: 'rob', plain: 'rob has left the house.' }], state);
  assert.deepEqual(Object.keys(state.places.lobby.members), []);
  state = after([{ type: 'kicked', room: 'lobby', id: 5, at, who: 'amy', nick: 'Ann', plain: 'amy put ann out of the room.' }], state);
  assert.deepEqual(Object.keys(state.places), ['@rob']);
});

test('of a crowd one knows a part, and how many there are', () => {
  const person = (nick, role = '') => ({ nick, role, away: '', account: '', bot: false });
  const begin = { ...inside(), places: { lobby: { ...inside().places.lobby, joined: true, ...startOf({ members: [], total: 60 }) } } };
  const place = ({ places }) => places.lobby;
  const names = (state) => Object.values(place(state).members).sort(inOrder).map(({ nick }) => nick);
  const event = (type, who, more = {}) => ({ type, room: 'lobby', id: 9, at, who, plain: `${who} ${type}`, ...more });
  let state = after([event('entered', 'zoe'), event('entered', 'bea'), event('left', 'zoe')], begin);
  assert.deepEqual([names(state), peopleIn(place(state)), place(state).lines.length], [[], 61, 0]);
  state = { ...state, places: { lobby: { ...place(state), ...withMore(place(state), { members: [person('Ops', 'operator'), person('amy'), person('bea')], total: 61, more: true }) } } };
  state = after([event('entered', 'zoe'), event('entered', 'ann2'), event('rolechanged', 'x', { nick: 'kim', role: 'voice' })], state);
  assert.deepEqual([names(state), peopleIn(place(state))], [['Ops', 'kim', 'amy', 'ann2', 'bea'], 63]);
  state = after([event('rolechanged', 'x', { nick: 'Ops', role: '' }), event('quit', 'amy', { room: '' }), event('quit', 'nobody', { room: '' })], state);
  assert.deepEqual([names(state), peopleIn(place(state))], [['kim', 'ann2', 'bea'], 62]);
  state = after([said(20, 'zoe', 'hello'), event('left', 'zoe', { id: 21 })], state);
  assert.equal(place(state).lines.at(-1).text, 'zoe left');
  assert.equal(withMore(place(state), { members: [person('zed')], total: 62, more: false }).whole, true);
});

test('what is not known shows as its plain line, whatever it is called', () => {
  const state = after(['dice', '__proto__', 'constructor'].map((type, i) => ({ type, room: 'lobby', id: i + 1, at, plain: `line ${i}` })));
  assert.deepEqual(state.places.lobby.lines.map(({ text }) => text), ['line 0', 'line 1', 'line 2']);
  assert.equal(after([{ type: 'odd', room: 'lobby', id: 1, plain: '' }]).places.lobby.lines.length, 0);
});

test('rows have days, groups and the line of what is new', () => {
  const day = (id, when, who = 'bob') => ({ id, at: when, kind: 'said', who, text: 'x' });
  const lines = [day(1, '2026-11-19T12:00:00Z'), day(2, '2026-11-20T12:00:00Z'), day(3, '2026-11-20T12:01:00Z'), day(4, '2026-11-20T12:02:00Z'), day(5, '2026-11-20T12:20:00Z')];
  const rows = rowsOf(lines, {}, 3);
  assert.deepEqual(rows.map(({ kind, head }) => (kind === 'line' ? head : kind)), ['day', true, 'day', true, false, 'unread', true, true]);
  const coming = { id: 6, at: lines[4].at, kind: 'presence', who: 'amy', text: 'x', event: {} };
  assert.equal(rowsOf([...lines, coming, { ...coming, id: 7 }], {}, 0).at(-1).lines.length, 2);
  assert.equal(rowsOf([coming], {}, 0, false).length, 0);
});

test('people and rooms may have any name', () => {
  const names = ['__proto__', 'constructor', 'toString'];
  let state = inside();
  for (const who of names) {
    state = after([{ type: 'entered', room: 'lobby', id: 1, at, who, plain: 'x' }, { type: 'typing', room: 'lobby', id: 2, at, who, state: 'active' },
      { type: 'whispered', room: '', id: 3, at, who, to: 'ann', text: 'x' }, { type: 'entered', room: who, id: 4, at, who: 'ann', plain: 'x' }], state);
  }
  const folded = names.map((each) => each.toLowerCase());
  assert.deepEqual(Object.values(state.places.lobby.members).map(({ nick }) => nick), names);
  assert.deepEqual(Object.keys(state.places).sort(), ['lobby', ...names, ...folded.map((each) => `@${each}`)].sort());
  assert.equal(newPlace('room', 'x').members.constructor, undefined);
});

test('links to lines are read as they are made, and nothing else is', () => {
  const page = 'https://tea.example/chat/';
  for (const key of ['lobby', '@amy', 'c#/ö%']) assert.deepEqual(targetOf(linkTo(`${page}#x/1`, key, 720134), page), { key, id: 720134 });
  assert.deepEqual(targetIn('#%40amy'), { key: '@amy', id: 0 });
  for (const hash of ['', '#', '#lobby/', '#lobby/0', '#lobby/1.5', '#lobby/x', '#/1', '#%', '#%/1', '#lobby/9999999999999999']) assert.equal(targetIn(hash), null);
  assert.equal(targetOf('https://elsewhere.example/#lobby/1', page), null);
  assert.equal(targetOf('not an address', page), null);
});

test('the title of the tab says what waits', () => {
  assert.deepEqual([{ called: 2, unread: true }, { called: 0, unread: true }, { called: 0, unread: false }].map((each) => titleOf(each, 'lobby', 'Teahouse')),
    ['(2) lobby · Teahouse', '• lobby · Teahouse', 'lobby · Teahouse']);
});

test('roles of the house count in its rooms', () => {
  const place = newPlace('room', 'lobby', { role: 'voice' });
  assert.equal(roleIn({ me: { role: 'moderator' } }, place), 'moderator');
  assert.equal(roleIn({ me: { role: 'member' } }, place), 'voice');
});

test('settings of the wrong kind are not taken', () => {
  const found = settingsFrom({ theme: 4, sound: true, rooms: 'x', evil: 1 });
  assert.deepEqual([found.theme, found.sound, found.rooms, 'evil' in found], ['system', true, [], false]);
});

test('tries are spread out, and news is batched', () => {
  assert.deepEqual([delay(0, 0), delay(0, 1), delay(99, 1)], [250, 500, 30_000]);
  assert.deepEqual([1000, 1001, 1006, 1008, 1013].map(comesBack), [false, true, true, false, true]);
  assert.match(batch(['1', '2', '3', '4', '5']), /^5 new messages/u);
});

/** A socket whose other end is the test. */
class Wire {
  static all = [];
  sent = [];
  readyState = 1;
  constructor() { Wire.all.push(this); queueMicrotask(() => this.onopen?.()); }
  send(text) { this.sent.push(JSON.parse(text)); }
  close() { this.readyState = 3; }
  hear(...events) { this.onmessage?.({ data: events.map((each) => JSON.stringify(each)).join('\n') }); }
  done(what, more = {}) { this.hear({ type: 'done', ref: this.sent.findLast((each) => each.do === what).ref, ...more }); }
}
const turn = () => new Promise((done) => setTimeout(done));

test('after a break nothing is said twice, and nothing is lost', async () => {
  const heard = [];
  const link = new Connection('ws://x', { events: (events) => heard.push(...events), status: () => {}, fresh: async () => {}, back: async () => {}, stays: () => true }, Wire);
  link.start();
  await turn();
  const first = Wire.all.at(-1);
  first.done('hello', { id: 1, session: 's', resumed: false });
  await turn();
  const done = [];
  for (const text of ['arrived', 'lost']) link.ask('say', { room: 'lobby', text }, { keep: true }).then(() => done.push(text), () => {});
  const typing = link.ask('history', { room: 'lobby' }).catch((error) => error.code);
  const refs = first.sent.filter((each) => each.do === 'say').map((each) => each.ref);
  first.hear({ type: 'said', room: 'lobby', id: 5, text: 'x' });
  first.onclose({ code: 1006, reason: '' });
  assert.equal(await typing, 'offline');
  link.ask('say', { room: 'lobby', text: 'written meanwhile' }, { keep: true }).then(() => done.push('written meanwhile'), () => {});
  link.hurry();
  await turn();
  const second = Wire.all.at(-1);
  assert.notEqual(second, first);
  assert.deepEqual(second.sent[0].resume, { session: 's', last: 5 });
  second.done('hello', { id: 9, session: 's', resumed: true });
  second.hear({ type: 'said', room: 'lobby', id: 6, text: 'arrived', own: true }, { type: 'done', ref: refs[0], id: 7 });
  await turn();
  assert.deepEqual(second.sent.map((each) => each.do), ['hello', 'ping']);
  second.done('ping', { id: 10 });
  await turn();
  assert.deepEqual(second.sent.filter((each) => each.do === 'say').map((each) => [each.text, each.ref === refs[1]]), [['lost', true], ['written meanwhile', false]]);
  assert.deepEqual([done, heard.map((each) => each.id)], [['arrived'], [5, 6]]);
  link.end();
});

test('an answer counts before what comes after it', async () => {
  const order = [];
  const link = new Connection('ws://x', { events: (events) => order.push(...events.map((each) => each.id)), status: () => {}, fresh: async () => {}, back: async () => {}, stays: () => true }, Wire);
  link.start();
  await turn();
  const wire = Wire.all.at(-1);
  wire.done('hello', { id: 1, session: 's' });
  await turn();
  void link.ask('join', { room: 'x' }, { now: () => order.push('joined') });
  wire.hear({ type: 'said', id: 2 }, { type: 'done', ref: wire.sent.at(-1).ref, id: 3 }, { type: 'said', id: 4 }, 'not an object', { type: 'failed', id: 5, code: 'usage', text: 'x' });
  assert.deepEqual(order, [2, 'joined', 4, 5]);
  wire.onclose({ code: 1008, reason: 'Put out.' });
  assert.equal(link.status, 'ended');
});

test('files are those of this house alone, and their names are text', () => {
  const id = '0123456789abcdef'.repeat(2);
  const at = (href, site) => uploadAt(href, site, 'https://tea.example/');
  assert.deepEqual(at(`https://tea.example/uploads/${id}/%C3%A7ay.png`), { name: 'çay.png', src: `https://tea.example/uploads/${id}/%C3%A7ay.png`, isPicture: true });
  assert.equal(at(`https://tea.example/uploads/${id}/notes.pdf`).isPicture, false);
  assert.equal(at(`https://chat.example/uploads/${id}/a.png`, 'https://chat.example/').src, `https://tea.example/uploads/${id}/a.png`);
  for (const wrong of [`https://chat.example/uploads/${id}/a.png`, `https://tea.example/uploads/${id.slice(1)}/a.png`, `https://tea.example/uploads/${id}/a/b.png`, `https://tea.example/uploads/${id}/a.png?x`, `https://tea.example/uploads/${id}/%ff.png`, `https://tea.example.evil.example/uploads/${id}/a.png`]) {
    assert.equal(at(wrong, 'https://tea.example'), null, wrong);
  }
});

test('what the house would refuse is refused before it is sent', () => {
  const state = (uploads, me = {}) => ({ house: { uploads }, me: { account: 'ann', role: 'member', ...me } });
  const uploads = { role: 'member', bytes: 2048, kinds: ['image/*', 'text/plain'], site: '' };
  assert.equal(whyNot(state(uploads), { size: 2048, type: 'image/png' }), '');
  assert.equal(whyNot(state(uploads), { size: 5, type: '' }), '');
  assert.match(whyNot(state(uploads), { size: 2049, type: 'image/png' }), /at most 2\.0 KiB/u);
  assert.match(whyNot(state(uploads), { size: 5, type: 'application/zip' }), /application\/zip are not taken/u);
  assert.match(whyNot(state(uploads), { size: 0, type: '' }), /nothing in that file/u);
  assert.match(whyNot(state(null), { size: 5, type: '' }), /takes no files/u);
  assert.match(whyNot(state(uploads, { account: '' }), { size: 5, type: '' }), /people with an account/u);
  assert.equal(mayUpload(state({ ...uploads, role: 'moderator' })), false);
  assert.equal(mayUpload(state({ ...uploads, role: 'moderator' }, { role: 'admin' })), true);
});

test('who watches is told at once, and while much comes, not of every piece; nothing is missed in the end', async () => {
  const store = new Store();
  const told = [];
  store.watch((state) => [state.current], (current) => told.push(current));
  const turn = () => new Promise((done) => setImmediate(done));
  store.set({ current: 1 });
  await turn();
  assert.deepEqual(told, ['', 1]);
  for (let at = 2; at <= 300; at += 1) {
    store.set({ current: at });
    await turn();
  }
  store.tell();
  assert.equal(told.at(-1), 300);
  assert.ok(told.length < 150, `told ${told.length} times`);
  const before = told.length;
  store.tell();
  assert.equal(told.length, before);
});
