/** People and a past for the fake house, so that there is something to look at. */

const TALK = [
  ['amy', 'Good morning! I have just put the kettle on.'], ['amy', 'There is a new first flush, if anyone would like to try it :)'],
  ['bob', 'Oh yes. Is that the one from https://example.org/darjeeling (the 2026 list)?'], ['amy', 'The very same. `95 °C`, three minutes, no more.'],
  ['carl', 'I would let it stand a little longer, to be honest. Four minutes and a half, with the small pot, and then pour it all at once so that nothing goes bitter while people are still talking.'],
  ['bob', 'carl: heretic!'], ['teabot', 'Water at 95 °C. Timer set: 3 minutes.'], ['dana', 'おはようございます 🍵'], ['carl', 'amy, how did the tasting go yesterday?'],
  ['amy', 'Lovely. Nine people, and only one broken cup.'],
];

/** @param {import('./house.mjs').FakeHouse} house */
export function furnish(house, me = 'ann') {
  house.robot('amy', ['lobby', 'tea'], 'operator', { account: 'amy' });
  house.robot('bob', ['lobby', 'tea']);
  house.robot('carl', ['lobby'], 'voice');
  house.robot('dana', ['lobby'], '', { away: 'gone for a walk' });
  house.robot('teabot', ['lobby'], '', { bot: true });
  house.rooms.get('lobby').roles[me] = 'operator';
  const now = Date.now();
  for (let i = 0; i < 240; i += 1) {
    const [who, text] = TALK[i % TALK.length];
    const at = new Date(now - (250 - i) * 6 * 60_000 - (i < 200 ? 12 * 3_600_000 : 0)).toISOString();
    const event = house.say('lobby', who, i < 230 ? `${text}` : text, { at, ...(who === 'teabot' ? { bot: true } : {}), ...(i % 31 === 5 && i ? { reply_to: house.id - 3 } : {}) });
    if (i % 17 === 3) {
      house.publish({ type: 'reacted', room: 'lobby', who: 'bob', target: event.id, sign: '🍵' });
      house.publish({ type: 'reacted', room: 'lobby', who: 'carl', target: event.id, sign: '👍' });
    }
  }
  house.publish({ type: 'emoted', room: 'lobby', who: 'bob', text: 'pours two cups', plain: '* bob pours two cups' });
  house.say('lobby', 'bob', `${me}: one is for you`);
  for (let i = 0; i < 30; i += 1) house.say('tea', i % 2 ? 'amy' : 'bob', `Oolong or Assam? Round ${i}.`);
  house.whisper('amy', me, 'Shall we keep a seat for you tonight?');
}
