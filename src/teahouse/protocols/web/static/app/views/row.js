/** One row of a conversation as elements. Rule: whatever people wrote is text in here, whatever it looks like. */
import { face, fill, h, icon } from '../dom.js';
import { dayName, list, momentOf, timeOf } from '../format.js';
import { signsOf } from '../lines.js';
import { clean, colourOf, tokens } from '../text.js';
import { mayHaveUploads, uploadAt } from '../uploading.js';

const MOST_PICTURES = 4;

/** @param {import('../lines.js').Row} row @param {{nicks: RegExp|null, me: string, site?: string}} known */
export function rowElement(row, known) {
  if (row.kind === 'day') return h('div.day', {}, h('h2', {}, dayName(row.day)));
  if (row.kind === 'unread') return h('div.unread', {}, h('span', {}, 'New since you were here'));
  if (row.kind === 'presence') return h('div.presence', {}, presence(row.lines));
  return lineElement(row, known);
}

function lineElement({ line, head, signs, quoted }, known) {
  const make = { said, emoted, table, block }[line.kind] ?? plain;
  const element = make(line, known, head, quoted);
  element.dataset.id = String(line.id);
  element.tabIndex = -1;
  const put = signsOf(signs);
  if (put.length) (element.querySelector('.body') ?? element).append(h('div.signs', {}, put.map((each) => sign(each, known.me))));
  return element;
}

function said(line, known, head, quoted) {
  const colour = colourOf(line.who);
  const called = !line.own && tokens(line.text, known.nicks, known.me).some((token) => token.me);
  const classes = [line.own && 'own', head && 'head', called && 'called', line.gone && 'gone', line.notice && 'notice'];
  const name = head
    ? h('div.said-by', {}, h(`button.who.nick-${colour}`, { type: 'button', tabindex: '-1', data: { nick: line.who } }, line.who),
      line.bot && h('span.badge', {}, 'bot'), time(line))
    : null;
  return h(['article.line', ...classes.filter(Boolean)].join('.'), { 'aria-label': labelOf(line) },
    head ? face(line.who, colour) : time(line, '.beside'),
    h('div.body', {}, name, quoted !== undefined && quote(quoted), content(line, known)));
}

const labelOf = (line) => `${line.who}, ${timeOf(line.at)}`;

function emoted(line, known, head, quoted) {
  return h(`article.line.emote.head${line.own ? '.own' : ''}${line.gone ? '.gone' : ''}`, { 'aria-label': labelOf(line) },
    face(line.who, colourOf(line.who)),
    h('div.body', {}, quoted !== undefined && quote(quoted), h('p.text', {},
      h(`button.who.nick-${colourOf(line.who)}`, { type: 'button', tabindex: '-1', data: { nick: line.who } }, line.who), ' ',
      line.gone ? line.gone : spans(line.text, known), ' ', time(line))));
}

function content(line, known) {
  if (line.gone) return h('p.text', {}, line.gone);
  const shown = h('p.text', { dir: 'auto' }, spans(line.text, known), line.edited && h('span.edited', {}, ' (edited)'));
  const found = pictures(line.text, known.site);
  return found.length ? [shown, h('div.pictures', {}, found.map(picture))] : shown;
}

/** The pictures of this house that a text has links to. */
function pictures(text, site) {
  if (!mayHaveUploads(text)) return []; // nearly no line has: most are looked at once
  const links = tokens(text).filter((token) => token.kind === 'link').map((token) => token.href);
  return [...new Set(links)].map((href) => uploadAt(href, site)).filter((found) => found?.isPicture).slice(0, MOST_PICTURES);
}

/** In a box whose size is known before the picture is there, so that nothing jumps. */
function picture({ name, src }) {
  const gone = () => fill(box, h('span', {}, `${name} is not there any more.`));
  const image = h('img', { src, alt: name, loading: 'lazy', decoding: 'async', on: { error: gone } });
  const box = h('a.picture', { href: src, target: '_blank', rel: 'noopener noreferrer' }, image);
  return box;
}

/** A text with its links, names and code. */
export function spans(text, { nicks = null, me = '', site = '' } = {}) {
  return tokens(text, nicks, me).map((token) => {
    if (token.kind === 'link') return h('a', { href: token.href, target: '_blank', rel: 'noopener noreferrer nofollow' }, uploadAt(token.href, site)?.name ?? token.text);
    if (token.kind === 'code') return h('code', {}, token.text);
    if (token.kind === 'mention') return h(`span.mention${token.me ? '.you' : ''}`, {}, token.text);
    return token.text;
  });
}

function quote(line) {
  if (!line) return h('div.quote', {}, icon('reply'), 'an earlier line');
  return h('button.quote', { type: 'button', tabindex: '-1', data: { to: String(line.id) }, title: 'Show it' },
    icon('reply'), h('span.unseen', {}, 'In answer to '), h('b', {}, line.who), ' ', h('span', {}, line.gone || line.text.slice(0, 140)));
}

function sign({ sign: text, who: by }, me) {
  const who = by.map(clean);
  const mine = who.some((nick) => nick.toLowerCase() === me.toLowerCase());
  return h(`button.sign${mine ? '.mine' : ''}`, {
    type: 'button', tabindex: '-1', data: { sign: text }, 'aria-pressed': String(mine), title: list(who, 12),
  }, h('span', {}, text), h('span.count', {}, who.length), h('span.unseen', {}, ` of ${list(who, 6)}`));
}

const time = (line, classes = '') => h(`time${classes}`, { datetime: line.at, title: momentOf(line.at) }, timeOf(line.at));

const plain = (line) => h(`div.line.told.${line.kind}`, {}, line.kind === 'error' && icon('warn'),
  h('p.text', { dir: 'auto' }, spans(line.text)),
  line.event.type === 'invited' && !line.own && h('button.plain', { type: 'button', tabindex: '-1', data: { room: clean(line.event.place) } }, 'Go in'));

function table(line) {
  const { columns = [], rows = [] } = line.event;
  return h('div.line.told', {}, h('div.sideways', { tabindex: '0', role: 'group', 'aria-label': line.text || 'A table' }, h('table', {}, h('caption', {}, line.text),
    h('thead', {}, h('tr', {}, columns.map((each) => h('th', { scope: 'col' }, clean(each))))),
    h('tbody', {}, rows.slice(0, 200).map((row) => h('tr', {}, row.map((cell) => h(`td${cell.length < 24 ? '.short' : ''}`, {}, clean(cell)))))))));
}

const block = (line) => h('div.line.told.block', {}, h('p.text', {}, h('b', {}, line.text)),
  h('ol', {}, (line.event.events ?? []).slice(-100).map((each) => h('li', {}, each.at && h('time', {}, timeOf(each.at)), ' ', clean(each.plain)))));

/** Comings and goings in one short row: one that came and went is told once. */
export function presence(lines) {
  if (lines.length === 1) return lines[0].text;
  const groups = new Map();
  for (const { event, text } of lines) {
    const word = { entered: 'came in', left: 'went out', quit: 'left the house' }[event.type];
    const key = word ?? text;
    groups.set(key, [...(groups.get(key) ?? []), word ? clean(event.who) : '']);
  }
  return [...groups].map(([word, names]) => (names[0] ? `${list([...new Set(names)])} ${word}` : word.replace(/\.$/u, ''))).join(' · ');
}
