/** A house that is only pretended: docs/protocols/web.md as far as the client can tell. Rule: no rights, no limits. */

const fold = (text) => text.toLowerCase();
const COMMANDS = [
  ['ban', '/ban <who> [time and reason]', 'Keep someone out of this room.'], ['away', '/away [reason]', 'Say that you are away.'],
  ['join', '/join <room>', 'Go into a room.', ['j']], ['kick', '/kick <nick> [reason]', 'Make someone leave.'],
  ['me', '/me <text>', 'Do something.', ['emote']], ['topic', '/topic [text]', "Show the room's topic, or set it."],
  ['who', '/who [nick]', 'List who is here.'], ['password', '/password', 'Choose another password.'],
].map(([name, usage, help, aliases = []]) => ({ name, usage, help, aliases }));

export class FakeHouse {
  id = 1000;
  users = new Map();
  rooms = new Map();
  talks = new Map();
  sessions = new Map();
  accounts = new Map([['ann', 'teatime1']]);
  tokens = new Map();
  settings = new Map();
  heard = [];

  constructor() {
    this.room('lobby', 'Lobby', 'Welcome! Take a seat, pour a cup. House rules: https://example.org/rules');
    this.room('tea', 'Tea', 'Which one today?');
    this.room('secret', 'Secret', 'Behind a door', 'sesame');
  }

  room(key, name = key, topic = '', password = '') {
    const room = { key, name, topic, password, members: new Map(), events: [], roles: {} };
    this.rooms.set(key, room);
    return room;
  }

  stamp(event, own) {
    this.id += 1;
    return { room: '', userhost: 'web@k3xq.ip', ...event, id: this.id, at: event.at ?? new Date().toISOString(), ...(own ? { own } : {}) };
  }

  /** Someone without a connection, for company. */
  robot(nick, rooms, role = '', more = {}) {
    this.users.set(fold(nick), { nick, robot: true, account: '', ...more });
    for (const key of rooms) {
      this.rooms.get(key).members.set(fold(nick), { nick, role, away: '', account: '', bot: false, ...more });
    }
  }

  /** Tell everyone in a room. */
  publish(event, keep = true) {
    const room = this.rooms.get(event.room);
    const stamped = this.stamp({ plain: '', ...event });
    if (keep && ['said', 'emoted', 'reacted', 'topicchanged'].includes(event.type)) room.events.push(stamped);
    for (const session of this.sessions.values()) {
      if (session.nick && room.members.has(fold(session.nick))) session.push(fold(event.who ?? '') === fold(session.nick) ? { ...stamped, own: true } : stamped);
    }
    return stamped;
  }

  say(room, who, text, more = {}) {
    return this.publish({ type: 'said', room, who, text, plain: `${who}: ${text}`, ...more });
  }

  whisper(who, to, text, more = {}) {
    const event = this.stamp({ type: 'whispered', who, to, text, plain: `${who} to ${to}: ${text}`, ...more });
    const key = [fold(who), fold(to)].sort().join(' ');
    this.talks.set(key, [...(this.talks.get(key) ?? []), event]);
    for (const session of this.sessions.values()) {
      if (fold(session.nick) === fold(who)) session.push({ ...event, own: true });
      else if (fold(session.nick) === fold(to)) session.push(event);
    }
    return event;
  }

  /** One connection. @returns what takes its messages */
  connect(link) {
    const wire = { link, session: null };
    return {
      message: (text) => {
        const asked = JSON.parse(text);
        this.heard.push(asked);
        void this.#answer(wire, asked);
      },
      closed: () => { if (wire.session?.link === link) wire.session.link = null; },
    };
  }

  async #answer(wire, { do: what, ref, ...values }) {
    const send = (data) => (wire.session ? wire.session.push(data) : wire.link.send(`${JSON.stringify(data)}\n`));
    try {
      if (what === 'hello') return this.#hello(wire, ref, values);
      const handler = this[`do_${what}`];
      if (!handler) throw Object.assign(new Error(`There is nothing called "${what}" to do.`), { code: 'usage' });
      const found = await handler.call(this, wire.session, values);
      if (ref !== undefined) send(this.stamp({ type: 'done', ref, ...(found ?? {}) }));
    } catch (error) {
      if (!error.code) console.error(error);
      send(this.stamp({ type: 'failed', ref, code: error.code ?? 'internal', text: error.message }));
    }
    return undefined;
  }

  #hello(wire, ref, { resume }) {
    const house = { name: 'Teahouse', motd: 'A quiet place to talk. Come in, take a seat.', guests: true, registration: true, lobby: 'lobby', limits: { line_bytes: 4096 } };
    const known = resume && this.sessions.get(resume.session);
    if (known) {
      known.link?.cut();
      wire.session = known;
      known.link = wire.link;
      const done = this.stamp({ type: 'done', ref, resumed: true, session: known.secret, house, ...(known.nick ? this.who(known) : {}) });
      wire.link.send(`${JSON.stringify(done)}\n`);
      const missed = known.sent.filter((event) => event.id > resume.last);
      if (missed.length) wire.link.send(missed.map((each) => `${JSON.stringify(each)}\n`).join(''));
      return;
    }
    const session = { secret: `s${Math.random().toString(36).slice(2)}`, nick: '', sent: [], link: wire.link };
    session.push = (event) => {
      session.sent.push(event);
      session.link?.send(`${JSON.stringify(event)}\n`);
    };
    this.sessions.set(session.secret, session);
    wire.session = session;
    session.push(this.stamp({ type: 'done', ref, resumed: false, session: session.secret, house }));
  }

  fail(code, text) {
    throw Object.assign(new Error(text), { code });
  }

  who(session) {
    const account = this.accounts.has(fold(session.nick)) ? session.nick : '';
    return { nick: session.nick, account, role: account ? 'moderator' : 'guest', rooms: this.do_rooms(session).rooms.filter((each) => each.joined) };
  }

  do_login(session, { nick, password, token, remember }) {
    if (!/^[\w-]{1,32}$/u.test(nick)) this.fail('bad-name', 'A nick is letters, digits, - and _. Choose another one.');
    const account = this.accounts.get(fold(nick));
    if (account && password !== account && this.tokens.get(token) !== fold(nick)) this.fail('wrong-password', `${nick} belongs to somebody: that is not the right password.`);
    const taken = !account && [...this.sessions.values()].some((each) => each !== session && fold(each.nick) === fold(nick));
    if (taken || this.users.get(fold(nick))?.robot) this.fail('nick-in-use', `${nick} is in use. Choose another nick.`);
    session.nick = nick;
    this.users.set(fold(nick), { nick });
    const made = remember && account ? `t${Math.random().toString(36).slice(2)}` : '';
    if (made) this.tokens.set(made, fold(nick));
    return { ...this.who(session), ...(made ? { token: made } : {}) };
  }

  do_register(session, { nick, password }) {
    if (password.length < 8) this.fail('bad-password', 'A password has at least eight characters.');
    if (this.accounts.has(fold(nick))) this.fail('nick-in-use', `${nick} belongs to somebody. Choose another nick.`);
    this.accounts.set(fold(nick), password);
    return this.do_login(session, { nick, password, remember: true });
  }

  do_logout(session) {
    for (const room of this.rooms.values()) if (room.members.has(fold(session.nick))) this.do_leave(session, { room: room.key });
    setTimeout(() => session.link?.close(1000), 10);
    this.sessions.delete(session.secret);
  }

  do_rooms(session) {
    return { rooms: [...this.rooms.values()].map((room) => ({ name: room.name, key: room.key, topic: room.topic, people: room.members.size, joined: room.members.has(fold(session.nick)), role: '', last: room.events.at(-1)?.id ?? 0, read: room.read?.[fold(session.nick)] ?? 0 })) };
  }

  do_join(session, { room: name, password = '', make = true }) {
    const key = fold(name);
    const fresh = !this.rooms.has(key);
    if (fresh && !make) this.fail('no-such-room', `There is no room ${name}.`);
    const room = this.rooms.get(key) ?? this.room(key, name);
    if (room.password && room.password !== password) this.fail('wrong-room-password', `${room.name} has a password: /join ${room.name} <password>`);
    if (!room.members.has(fold(session.nick))) {
      const role = fresh ? 'operator' : (room.roles[fold(session.nick)] ?? '');
      room.members.set(fold(session.nick), { nick: session.nick, role, away: '', account: this.accounts.has(fold(session.nick)) ? session.nick : '', bot: false });
      this.publish({ type: 'entered', room: key, who: session.nick, plain: `${session.nick} has entered the room.` });
      if (room.topic) session.push(this.stamp({ type: 'topicchanged', room: key, who: '', topic: room.topic, plain: `Topic: ${room.topic}` }));
      session.push(this.stamp({ type: 'roster', room: key, nicks: [...room.members.values()].map((each) => each.nick), total: room.members.size, plain: '' }));
      if (room.events.length) session.push(this.stamp({ type: 'replayed', room: key, events: room.events.slice(-20) }));
    }
    return { ...(room.members.size > 50 ? { members: [], total: room.members.size } : this.do_members(session, { room: key })), topic: room.topic, role: room.members.get(fold(session.nick)).role, read: room.read?.[fold(session.nick)] ?? 0 };
  }

  do_leave(session, { room }) {
    this.publish({ type: 'left', room, who: session.nick, plain: `${session.nick} has left the room.` });
    this.rooms.get(room).members.delete(fold(session.nick));
  }

  do_say(session, { room, to, text, reply_to, manner }) {
    if (text === 'fail') this.fail('cannot-talk', 'You are muted here for 10 minutes more: spam.');
    const more = reply_to ? { reply_to } : {};
    if (to) return void this.whisper(session.nick, to, text, more);
    if (manner === 'emote') return void this.publish({ type: 'emoted', room, who: session.nick, text, plain: `* ${session.nick} ${text}`, ...more });
    return void this.say(room, session.nick, text, more);
  }

  do_line(session, { room, text }) {
    const [, command, rest = ''] = /^\/?(\S+)\s*(.*)$/su.exec(text);
    if (command === 'me') return this.do_say(session, { room, text: rest, manner: 'emote' });
    if (command === 'topic') {
      this.rooms.get(room).topic = rest;
      return void this.publish({ type: 'topicchanged', room, who: session.nick, topic: rest, plain: `Topic: ${rest} (set by ${session.nick})` });
    }
    if (command === 'join') {
      this.do_join(session, { room: rest });
      return undefined;
    }
    if (command === 'kick') {
      const [nick, ...reason] = rest.split(' ');
      this.publish({ type: 'kicked', room, who: session.nick, nick, reason: reason.join(' '), plain: `${session.nick} put ${nick} out of the room. (${reason.join(' ')})` });
      this.rooms.get(room).members.delete(fold(nick));
      return undefined;
    }
    if (command === 'away') return void this.publish({ type: 'awaychanged', room: '', who: session.nick, text: rest, plain: `${session.nick} is away: ${rest}` }, false);
    if (command === 'who') return void session.push(this.stamp({ type: 'table', title: 'In the house: 3', columns: ['nick', 'room', 'idle'], rows: [['amy', 'lobby', '2m'], ['bob', 'lobby, tea', '1h'], [session.nick, room, '0s']], plain: 'In the house: 3' }));
    if (command === 'password') return void session.push(this.stamp({ type: 'prompt', text: 'New password: ', secret: true, plain: 'New password: ' }));
    if (command === 'strange') return void this.publish({ type: 'dice', room, who: session.nick, sides: 6, plain: `${session.nick} rolls 4 of 6` });
    return this.fail('unknown-command', `There is no command /${command} here. /help lists what there is.`);
  }

  do_answer(session) {
    session.push(this.stamp({ type: 'answered', plain: '' }));
    session.push(this.stamp({ type: 'notice', text: 'Your password has been changed.', plain: 'Your password has been changed.' }));
  }

  do_edit(session, { room, target, text }) {
    const line = this.rooms.get(room)?.events.find((each) => each.id === target);
    if (line) line.text = text;
    this.publish({ type: 'edited', room, who: session.nick, target, text, plain: '' });
  }

  do_delete(session, { room, target, reason = '' }) {
    const place = this.rooms.get(room);
    const line = place.events.find((each) => each.id === target);
    place.events = place.events.filter((each) => each.id !== target);
    this.publish({ type: 'deleted', room, who: session.nick, targets: [target], author: line.who === session.nick ? '' : line.who, reason, plain: '' });
  }

  do_react(session, { room, target, sign, gone = false }) {
    if (room) this.publish({ type: 'reacted', room, who: session.nick, target, sign, gone, plain: `${session.nick} reacted: ${sign}` });
  }

  do_typing(session, { room, state }) {
    if (room) this.publish({ type: 'typing', room, who: session.nick, state });
  }

  do_read(session, { room, id }) {
    if (!room) return;
    const place = this.rooms.get(room);
    place.read = { ...place.read, [fold(session.nick)]: id };
    for (const each of this.sessions.values()) if (fold(each.nick) === fold(session.nick)) each.push(this.stamp({ type: 'marked', room, read: id, plain: '' }));
  }

  do_history(session, { room, with: nick, before, after, count = 50 }) {
    const all = nick ? (this.talks.get([fold(session.nick), fold(nick)].sort().join(' ')) ?? []) : this.rooms.get(fold(room)).events;
    const own = (event) => (fold(event.who) === fold(session.nick) ? { ...event, own: true } : event);
    if (after) {
      const found = all.filter((each) => each.id > after);
      return { events: found.slice(0, count).map(own), more: found.length > count };
    }
    const found = all.filter((each) => !before || each.id < before);
    return { events: found.slice(-count).map(own), more: found.length > count };
  }

  do_search(session, { words }) {
    const wanted = words.replace(/\b(in|from):\S+/gu, '').trim().toLowerCase();
    const found = [...this.rooms.values()].flatMap((room) => room.events).filter((each) => each.text?.toLowerCase().includes(wanted));
    return { events: found.sort((a, b) => b.id - a.id).slice(0, 20) };
  }

  do_members(session, { room, begins = '', after = '', count = 100 }) {
    const stands = ({ role, nick }) => `${3 - ['', 'voice', 'operator', 'owner'].indexOf(role)} ${fold(nick)}`;
    const all = [...this.rooms.get(room).members.values()].sort((a, b) => (stands(a) < stands(b) ? -1 : 1));
    const behind = after ? stands(all.find(({ nick }) => fold(nick) === fold(after)) ?? { nick: after, role: '' }) : '';
    const found = all.filter((each) => stands(each) > behind && fold(each.nick).startsWith(fold(begins)));
    return { members: found.slice(0, count), total: all.length, more: found.length > count };
  }

  do_conversations(session) {
    const mine = [...this.talks].filter(([key]) => key.split(' ').includes(fold(session.nick)));
    return { conversations: mine.map(([key, events]) => ({ with: key.split(' ').find((each) => each !== fold(session.nick)), last: events.at(-1).id, read: 0 })) };
  }

  do_commands() {
    return { commands: COMMANDS };
  }

  do_settings(session, { set }) {
    if (set) this.settings.set(fold(session.nick), set);
    return { settings: this.settings.get(fold(session.nick)) ?? {} };
  }

  do_ping() {}
}
