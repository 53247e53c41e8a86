/**
 * What people write, cut into tokens that a view may show. Rule: pure; no token ever becomes markup, and a link is
 * http or https or it is text.
 *
 * @typedef {{kind: 'text'|'link'|'mention'|'code', text: string, href?: string, me?: boolean}} Token
 */

// Controls, terminal escapes' introducers, bidi overrides and isolates, and line and paragraph separators.
const HARMFUL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufff9-\ufffb]/gu;
const IRC_COLOUR = /\u0003(?:\d{1,2}(?:,\d{1,2})?)?/gu;
const URLS = /\bhttps?:\/\/[^\s<>"'`\u3000]+/giu;
const CODE = /`([^`\n]+)`/gu;
const WORD = '[\\p{L}\\p{N}_\\-\\[\\]{}\\\\^|]';

/** A name as it is compared. @param {string} name */
export const fold = (name) => String(name).normalize('NFKC').toLowerCase();

/** A copy with more in it, which has nothing but its own keys: people may be called "constructor" and "__proto__". */
export const record = (...parts) => Object.assign(Object.create(null), ...parts);

/** Text without what could hurt a reader's screen. @param {unknown} text */
export function clean(text) {
  return String(text ?? '').replace(IRC_COLOUR, '').replace(/\r\n?/gu, '\n').replace(HARMFUL, '');
}

/** The address of a link if it is one that may be opened, else "". @param {string} text */
export function safeUrl(text) {
  try {
    const url = new URL(text);
    const plain = (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname && !url.username && !url.password;
    return plain ? url.href : '';
  } catch {
    return '';
  }
}

/** A link without the punctuation of the sentence it stands in. @param {string} url */
export function trimUrl(url) {
  let end = url.length;
  for (;;) {
    const last = url[end - 1];
    const shut = last === ')' && count(url, ')', end) > count(url, '(', end);
    if (end > 8 && (shut || /[.,;:!?*_~\]}’”»…]/u.test(last))) end -= 1;
    else return url.slice(0, end);
  }
}

const count = (text, sign, end) => text.slice(0, end).split(sign).length - 1;

/** A pattern that finds these nicks as whole words. @param {string[]} nicks @returns {RegExp|null} */
export function nickPattern(nicks) {
  const known = nicks.filter((nick) => nick.length > 1).sort((a, b) => b.length - a.length);
  if (!known.length) return null;
  const any = known.map((nick) => nick.replace(/[.*+?^${}()|[\]\\/]/gu, '\\$&')).join('|');
  return new RegExp(`(?<!${WORD})@?(?:${any})(?!${WORD})`, 'giu');
}

let named = { nick: '', pattern: null }; // it is nearly always one's own: asked for each unread line, whenever one comes

/** Whether a text names someone. @param {string} text @param {string} nick */
export function mentions(text, nick) {
  if (!nick) return false;
  if (named.nick !== nick) named = { nick, pattern: nickPattern([nick.length > 1 ? nick : `${nick}${nick}`]) };
  return text.search(named.pattern) >= 0;
}

/**
 * The tokens of a text. @param {string} raw @param {RegExp|null} [nicks] from `nickPattern` @param {string} [me]
 * @returns {Token[]}
 */
export function tokens(raw, nicks = null, me = '') {
  let found = [{ kind: 'text', text: clean(raw) }];
  found = cut(found, CODE, (match) => ({ kind: 'code', text: match[1] }));
  found = cut(found, URLS, (match) => {
    const text = trimUrl(match[0]);
    const href = safeUrl(text);
    return href ? { kind: 'link', text, href } : null;
  });
  if (!nicks) return found;
  return cut(found, nicks, (match) => ({
    kind: 'mention', text: match[0], me: fold(match[0].replace(/^@/u, '')) === fold(me),
  }));
}

/** Cut the text tokens wherever a pattern matches. */
function cut(found, pattern, make) {
  return found.flatMap((token) => (token.kind === 'text' ? [...pieces(token.text, pattern, make)] : [token]));
}

function* pieces(text, pattern, make) {
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    const token = make(match);
    if (!token) continue;
    if (match.index > from) yield { kind: 'text', text: text.slice(from, match.index) };
    yield token;
    from = match.index + (token.kind === 'code' ? match[0].length : token.text.length);
  }
  if (from < text.length) yield { kind: 'text', text: text.slice(from) };
}

/** Which of eight colours a nick has: the same on every device. @param {string} nick */
export function colourOf(nick) {
  let hash = 0x811c9dc5;
  for (const sign of fold(nick)) hash = Math.imul(hash ^ sign.codePointAt(0), 0x01000193);
  return ((hash >>> 13) ^ (hash >>> 3)) & 7;
}
