/** Calling someone who looks elsewhere: by a notification, a sound. Rule: only as they have chosen. */
import { placeOf } from './adding.js';
import { clean, fold, mentions } from './text.js';

/** How loud a piece of news is for someone. @returns {'none'|'all'|'mention'} */
export function loudness(event, state) {
  if (event.type !== 'said' && event.type !== 'emoted' && event.type !== 'whispered') return 'none';
  if (event.own || fold(event.who ?? '') === fold(state.me.nick)) return 'none';
  if (event.type === 'whispered' || mentions(clean(event.text), state.me.nick)) return 'mention';
  return 'all';
}

/** Whether this is to be called out, by the setting. */
export const isCalled = (loud, choice) => loud === choice || (loud === 'mention' && choice !== 'off' && choice !== 'none');

let audio = null;

/** A short, soft sound: two notes, as of a cup. */
export function beep() {
  audio ??= new AudioContext();
  const start = audio.currentTime;
  for (const [note, at] of [[784, 0], [1175, 0.09]]) {
    const tone = new OscillatorNode(audio, { type: 'sine', frequency: note });
    const loud = new GainNode(audio, { gain: 0 });
    loud.gain.setValueAtTime(0, start + at);
    loud.gain.linearRampToValueAtTime(0.12, start + at + 0.01);
    loud.gain.exponentialRampToValueAtTime(0.0001, start + at + 0.35);
    tone.connect(loud).connect(audio.destination);
    tone.start(start + at);
    tone.stop(start + at + 0.4);
  }
}

/** @param {import('./house.js').House} house @param {import('./push.js').Push} push which shows what it is sent by itself */
export function callOut(house, push) {
  let last = 0;
  house.on('event', (event) => {
    const loud = loudness(event, house.state);
    const key = placeOf(house.state, event);
    if (loud === 'none' || (house.state.watching === key && document.hasFocus())) return;
    if (Date.now() - last < 1500) return;
    if (house.settings.sound && loud === 'mention') beep();
    if (isCalled(loud, house.settings.notify) && !(push.on && loud === 'mention')) show(house, event, key);
    last = Date.now();
  });
}

function show(house, event, key) {
  if (globalThis.Notification?.permission !== 'granted') return;
  const where = event.type === 'whispered' ? '' : ` in ${house.state.places[key]?.name ?? ''}`;
  try {
    const note = new Notification(`${clean(event.who)}${where}`, { body: clean(event.text).slice(0, 200), tag: key, icon: 'icons/logo.svg' });
    note.onclick = () => {
      window.focus();
      house.open(key);
      note.close();
    };
  } catch {
    /* some phones have notifications for installed pages only */
  }
}
