/** An event as a line of a conversation. Rule: pure; null for what is not shown as a line. */
import { clean, fold } from './text.js';

const PRESENCE = new Set(['entered', 'left', 'quit', 'renamed', 'awaychanged']);
const SILENT = new Set([
  'done', 'pong', 'answered', 'roster', 'typing', 'marked', 'reacted', 'signalled', 'edited', 'deleted', 'prompt',
  'realnamechanged', 'accountchanged', 'hostchanged', 'loggedin',
]);

/** @param {object} event @param {{me: {nick: string}}} state @returns {import('./lines.js').Line|null} */
export function lineOf(event, state) {
  const { type, id = 0, at = new Date().toISOString() } = event;
  const base = { id, at, who: clean(event.who), event, bot: Boolean(event.bot) };
  if (type === 'said' || type === 'emoted' || type === 'whispered') return words(base, event, state);
  if (SILENT.has(type)) return null;
  if (PRESENCE.has(type)) return { ...base, kind: 'presence', text: clean(event.plain) };
  if (type === 'table') return { ...base, kind: 'table', text: clean(event.title) };
  if (type === 'failed') return { ...base, kind: 'error', text: clean(event.text) };
  if (type === 'replayed') return { ...base, kind: 'block', text: clean(event.title) };
  const text = clean(event.plain);
  return text ? { ...base, kind: type === 'announced' ? 'loud' : 'system', text } : null;
}

function words(base, event, state) {
  const emote = event.type === 'emoted' || event.manner === 'emote';
  return {
    ...base, kind: emote ? 'emoted' : 'said', text: clean(event.text), replyTo: event.reply_to || 0,
    own: Boolean(event.own) || fold(base.who) === fold(state.me.nick), notice: event.manner === 'notice',
  };
}
