/**
 * The conversation. Rule: rows that have not changed are not touched, what is on the screen does not jump, and at the end
 * it stays at the end.
 */
import { face, h, icon, iconButton } from '../dom.js';
import { few } from '../format.js';
import { isWords, rowsOf, sameRow, unreadAfter } from '../lines.js';
import { colourOf, nickPattern } from '../text.js';
import { rowElement } from './row.js';

const NEAR = 48;
const EARLY = 500;

/** @param {import('../house.js').House} house @param {(line: object, what: string) => void} act */
export function logView(house, act) {
  const rows = h('div.rows');
  const above = h('div.above');
  const scroller = h('div.scroller', { id: 'log', role: 'log', tabindex: '0', 'aria-live': 'off', 'aria-label': 'Conversation' }, above, rows);
  const jump = h('button.jump', { type: 'button', hidden: true, on: { click: () => toEnd() } });
  const first = h('button.upwards', { type: 'button', hidden: true, on: { click: () => void toUnread() } });
  const tools = toolbar();
  const shown = new Map();
  let place = null, key = '', atEnd = true, loading = false, nicks = null, members = null, comings = true, begun = 0, tall = 0;

  const find = (element) => shown.get(`l-${element?.dataset.id}`)?.row.line;
  const lineAt = (target) => target.closest?.('[data-id]') ?? null;

  function toolbar() {
    const press = (what) => () => act(find(tools.parentElement), what);
    return h('div.line-tools', { role: 'group', 'aria-label': 'This line' },
      iconButton('smile', 'React', press('react')), iconButton('reply', 'Reply', press('reply')), iconButton('link', 'Copy link', press('link')),
      iconButton('edit', 'Correct', press('edit'), { 'data-for': 'edit' }), iconButton('trash', 'Delete', press('delete'), { 'data-for': 'delete' }));
  }

  function showTools(element) {
    const line = find(element);
    if (!line || (line.kind !== 'said' && line.kind !== 'emoted') || line.gone) return tools.remove();
    const may = house.mayDelete(place, line);
    tools.querySelector('[data-for="edit"]').hidden = !line.own;
    tools.querySelector('[data-for="delete"]').hidden = !may;
    if (tools.parentElement !== element) element.append(tools);
  }

  function draw() {
    const wanted = rowsOf(place?.lines ?? [], place?.signs ?? {}, place?.mark ?? 0, comings);
    const anchor = atEnd ? null : anchorOf(scroller, rows);
    const known = { nicks, me: house.state.me.nick, site: house.state.house.uploads?.site };
    let cursor = rows.firstChild;
    const keys = new Set(wanted.map((row) => row.key));
    for (const [rowKey, { element }] of shown) {
      if (keys.has(rowKey)) continue;
      if (element === cursor) cursor = cursor.nextSibling;
      element.remove();
      shown.delete(rowKey);
    }
    for (const row of wanted) {
      let entry = shown.get(row.key);
      if (!entry || !sameRow(entry.row, row)) {
        const element = rowElement(row, known);
        if (entry) {
          if (entry.element === cursor) cursor = element;
          const focused = entry.element === document.activeElement;
          entry.element.replaceWith(element);
          if (focused) element.focus({ preventScroll: true });
        }
        entry = { row, element };
        shown.set(row.key, entry);
      }
      if (entry.element === cursor) cursor = cursor.nextSibling;
      else rows.insertBefore(entry.element, cursor);
    }
    if (!place || !place.loaded) above.replaceChildren('One moment…');
    else above.replaceChildren(...(place.more ? [] : beginning(place)));
    if (anchor) scroller.scrollTop += anchor.element.offsetTop - scroller.scrollTop - anchor.top;
    else if (atEnd) scroller.scrollTop = scroller.scrollHeight;
    showJump();
    showFirst();
    markRead();
  }

  function showJump() {
    const away = place && (!atEnd || !place.atEnd);
    tell(jump, away && (place.unread ? `${few(place.unread)} new ↓` : 'To the newest ↓'));
  }

  /** Whether what is new begins over what one sees. */
  function showFirst() {
    const element = shown.get('unread')?.element;
    if (element && element.offsetTop >= scroller.scrollTop) begun = place.mark;
    tell(first, place?.mark && begun !== place.mark && element && `${few(unreadAfter(place.lines, place.mark))} new since you were here ↑`);
  }

  async function toUnread() {
    if (place.more && place.lines[0]?.id > place.mark) await house.around(key, place.mark);
    house.store.tell();
    const element = shown.get('unread')?.element;
    if (!element) return;
    atEnd = false;
    begun = place.mark;
    element.scrollIntoView({ block: 'start' });
    scroller.focus({ preventScroll: true });
    look();
  }

  async function toEnd() {
    atEnd = true;
    if (place && !place.atEnd) await house.latest(key);
    house.store.tell();
    scroller.scrollTop = scroller.scrollHeight;
    look();
  }

  function look() {
    const stays = atEnd && tall !== scroller.clientHeight; // what stands below has grown, and nobody has scrolled
    tall = scroller.clientHeight;
    atEnd = stays || scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR && place?.atEnd !== false;
    showJump();
    showFirst();
    markRead();
    if (!place?.loaded || loading) return;
    if (place.more && scroller.scrollTop < EARLY) void load('before');
    else if (!place.atEnd && scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < EARLY) void load('after');
  }

  async function load(where) {
    loading = true;
    const came = await house.more(key, where).then(() => true, () => false);
    house.store.tell();
    await new Promise((done) => requestAnimationFrame(done));
    loading = false;
    if (came) look(); // one may have gone on scrolling meanwhile
  }

  function markRead() {
    const watching = atEnd && document.hasFocus() && !document.hidden ? key : '';
    if (house.state.watching !== watching) house.store.set({ watching });
    if (watching) house.read(watching);
  }

  function move(event) {
    const step = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity }[event.key];
    const here = lineAt(event.target);
    if (step && !event.altKey) {
      const all = [...rows.querySelectorAll('[data-id]')];
      const at = here ? all.indexOf(here) : all.length;
      const next = all[Math.max(0, Math.min(all.length - 1, at + step))];
      event.preventDefault();
      next?.focus();
    } else if (here && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const what = { r: 'reply', e: 'edit', l: 'link', '+': 'react', Delete: 'delete', p: 'person' }[event.key];
      if (what && event.target === here) {
        event.preventDefault();
        act(find(here), what);
      }
    }
  }

  function press(event) {
    const target = event.target.closest('button');
    const line = find(lineAt(event.target));
    if (target?.dataset.room) act(line, 'go', target.dataset.room);
    else if (target?.dataset.nick) act(line, 'person');
    else if (target?.dataset.sign) act(line, 'sign', target.dataset.sign);
    else if (target?.dataset.to) focusLine(Number(target.dataset.to));
    else if (line) showTools(lineAt(event.target));
  }

  function focusLine(id) {
    const element = shown.get(`l-${id}`)?.element;
    if (!element) return;
    atEnd = false;
    element.scrollIntoView({ block: 'center' });
    element.focus({ preventScroll: true });
    element.classList.add('found');
    setTimeout(() => element.classList.remove('found'), 2500);
  }

  scroller.addEventListener('scroll', look, { passive: true });
  scroller.addEventListener('keydown', move);
  scroller.addEventListener('click', press);
  rows.addEventListener('pointerover', (event) => event.pointerType === 'mouse' && lineAt(event.target) && showTools(lineAt(event.target)));
  rows.addEventListener('focusin', (event) => lineAt(event.target) && showTools(lineAt(event.target)));
  addEventListener('focus', markRead);
  addEventListener('blur', markRead);
  document.addEventListener('visibilitychange', markRead);
  new ResizeObserver(() => { if (atEnd) scroller.scrollTop = scroller.scrollHeight; }).observe(scroller);
  house.on('focus', (id) => {
    house.store.tell();
    focusLine(id);
  });
  house.on('settings', (settings) => {
    if (settings.comings === comings) return;
    comings = settings.comings;
    draw();
  });
  comings = house.settings.comings;
  house.store.watch((state) => [state.places[state.current], state.me.nick], (next) => {
    if (next?.key !== key || next?.members !== members) {
      members = next?.members;
      const names = Object.values(members ?? {}).map((each) => each.nick);
      nicks = nickPattern([house.state.me.nick, ...names.slice(0, 300)]);
    }
    const moved = next?.token !== place?.token;
    if (moved || next?.key !== key) {
      key = next?.key ?? '';
      if (moved) {
        atEnd = true;
        shown.clear();
        rows.replaceChildren();
      }
      scroller.setAttribute('aria-label', next ? `Conversation ${next.kind === 'talk' ? 'with' : 'in'} ${next.name}` : 'Conversation');
    }
    if (next?.lines === place?.lines && next?.signs === place?.signs && next?.mark === place?.mark && next?.loaded === place?.loaded && rows.firstChild) {
      place = next;
      showJump();
      return;
    }
    if (next && place && !next.atEnd && place.atEnd && next.key === place.key) atEnd = false;
    place = next;
    draw();
  });
  return { element: h('div.log', {}, first, scroller, jump), toEnd, focusLine, scroller };
}

/** Show a button with this text, or hide it. While one scrolls nothing is written that is there already: it costs a layout. */
function tell(button, text) {
  if (button.hidden === Boolean(text)) button.hidden = !text;
  if (text && button.textContent !== text) button.textContent = text;
}

/** What stands over the first line there is. */
function beginning(place) {
  const talk = place.kind === 'talk';
  const text = talk ? 'Between the two of you: nobody else reads it.'
    : place.lines.some(isWords) ? 'This is where it begins.' : 'Nobody has said anything here yet. Begin!';
  return [talk ? face(place.name, colourOf(place.name)) : h('span.face', {}, icon('hash')), h('b', { dir: 'auto' }, place.name), h('p', {}, text)];
}

/** A row in sight, and where it stands, so that it can be put there again. */
function anchorOf(scroller, rows) {
  for (const element of rows.children) {
    const top = element.offsetTop - scroller.scrollTop;
    if (top + element.offsetHeight > 0 && element.dataset.id) return { element, top };
  }
  return null;
}
