/** Where one writes. Rule: nothing that was typed gets lost: not by going elsewhere, not by a broken connection. */
import { accept, begunNick, completeNick, offer, readInput } from '../complete.js';
import { fill, h, icon, iconButton } from '../dom.js';
import { list } from '../format.js';
import { fold } from '../text.js';
import { attachView } from './attach.js';

const TYPING_MS = 4000;

/** @param {import('../house.js').House} house @param {{lines: object, announce: (text: string) => void}} with_ */
export function composerView(house, { announce, openEmoji }) {
  const input = h('textarea', {
    id: 'write', rows: '1', autocomplete: 'off', autocapitalize: 'sentences', spellcheck: 'true', enterkeyhint: 'send',
    'aria-label': 'Write a message', 'aria-autocomplete': 'list', maxlength: '4000',
  });
  const choices = h('ul.choices', {
    id: 'choices', role: 'listbox', tabindex: '0', 'aria-label': 'Suggestions', hidden: true, on: { mousedown: (event) => event.preventDefault() },
  });
  const about = h('div.about', { hidden: true });
  const typing = h('p.typing', { 'aria-live': 'off' });
  const waiting = h('div.outbox', { role: 'group', 'aria-label': 'Not sent yet', hidden: true });
  const send = h('button.send', { type: 'submit', 'aria-label': 'Send', title: 'Send' }, icon('send'));
  const smile = iconButton('smile', 'Emoji', () => openEmoji((sign) => insert(`${sign} `)));
  const files = attachView(house, { announce, done: bring, back: () => input.focus() });
  const form = h('form.composer', { on: { submit: (event) => { event.preventDefault(); submit(); } } },
    waiting, files.list, typing, about, choices, h('div.field', {}, files.button, smile, input, send, files.chooser));
  let key = '', token = null, made = null, at = 0, again = null, subject = null, told = 0, tried = null;

  function resize() {
    input.rows = Math.min(8, input.value.split('\n').length);
    send.disabled = !input.value.trim();
  }

  function put(text, caret = text.length) {
    input.value = text;
    input.setSelectionRange(caret, caret);
    resize();
    if (!subject?.edit) house.drafts.keep(key, text);
  }

  function insert(text) {
    const { selectionStart: from, selectionEnd: to, value } = input;
    put(value.slice(0, from) + text + value.slice(to), from + text.length);
    input.focus();
  }

  /** The address of a file, into what is being written where it was attached. */
  function bring(where, url) {
    const before = where === key && !subject?.edit ? input.value.slice(0, input.selectionStart) : house.drafts.of(where);
    const text = `${before && !/\s$/u.test(before) ? ' ' : ''}${url} `;
    if (where === key && !subject?.edit) insert(text);
    else house.drafts.keep(where, before + text);
  }

  function submit() {
    const { kind, text } = readInput(input.value);
    if (kind === 'nothing' || !key) return;
    if (subject?.edit) void house.act('edit', key, { target: subject.line.id, text });
    else if (kind === 'line') void house.line(key, text);
    else house.say(key, text, subject?.line.id ?? 0);
    tried = null;
    setSubject(null);
    put('');
    tellTyping('done');
    hide();
    house.emit('sent');
  }

  function tellTyping(state) {
    if (state === 'active' ? Date.now() - told < TYPING_MS : !told) return;
    told = state === 'active' ? Date.now() : 0;
    house.typing(key, state);
  }

  // ---- suggestions ----------------------------------------------------------------------------------------

  function suggest() {
    made = offer(input.value, input.selectionStart, house.commandsIn(key));
    at = 0;
    if (!made) return hide();
    choices.hidden = false;
    fill(choices, made.choices.map((choice, index) => h('li', {
      role: 'option', id: `choice-${index}`, 'aria-selected': String(index === at),
      on: { pointerdown: (event) => { event.preventDefault(); choose(index); } },
    }, h('b', {}, choice.label), h('span', {}, choice.note))));
    input.setAttribute('aria-controls', 'choices');
    input.setAttribute('aria-activedescendant', `choice-${at}`);
    return undefined;
  }

  function hide() {
    made = null;
    choices.hidden = true;
    input.removeAttribute('aria-activedescendant');
    input.removeAttribute('aria-controls');
  }

  function select(step) {
    at = (at + step + made.choices.length) % made.choices.length;
    [...choices.children].forEach((each, index) => each.setAttribute('aria-selected', String(index === at)));
    input.setAttribute('aria-activedescendant', `choice-${at}`);
    choices.children[at].scrollIntoView({ block: 'nearest' });
  }

  function choose(index) {
    const { text, caret } = accept(input.value, made, made.choices[index]);
    put(text, caret);
    hide();
    input.focus();
  }

  /** Nicks that can be meant, the likeliest first. */
  function nicksHere(more = []) {
    const place = house.state.places[key];
    const spoke = [...(place?.lines ?? [])].reverse().map((line) => line.who);
    const names = new Map();
    for (const nick of [...spoke, ...[...Object.values(place?.members ?? {}), ...more].map((each) => each.nick)]) {
      if (nick && fold(nick) !== fold(house.state.me.nick) && !names.has(fold(nick))) names.set(fold(nick), nick);
    }
    return [...names.values()];
  }

  function tab(event) {
    const { value, selectionStart: caret } = input;
    const step = event.shiftKey ? -1 : 1;
    const next = completeNick(value, caret, nicksHere(), again, step);
    const begun = next ? '' : begunNick(value, caret);
    if (!next && !(begun && house.state.places[key]?.whole === false)) return;
    event.preventDefault();
    if (next) return void complete(next);
    house.membersLike(key, begun, 10).then((more) => {
      const found = input.value === value && input.selectionStart === caret && completeNick(value, caret, nicksHere(more), null, step);
      if (found) complete(found);
    }, () => {});
  }

  function complete(next) {
    put(next.text, next.caret);
    again = next;
  }

  // ---- keys -----------------------------------------------------------------------------------------------

  function keys(event) {
    if (event.isComposing) return undefined;
    if (made && !choices.hidden) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) return void (event.preventDefault(), select(step));
      const typed = made.choices[at].value.trimEnd() === input.value;
      if (event.key === 'Tab' || (event.key === 'Enter' && !event.shiftKey && !typed)) return void (event.preventDefault(), choose(at));
      if (event.key === 'Escape') return void (event.preventDefault(), event.stopPropagation(), hide());
    }
    if (event.key === 'Tab' && input.selectionStart > 0) return tab(event);
    if (event.key === 'Enter' && !event.shiftKey) return void (event.preventDefault(), submit());
    if (event.key === 'ArrowUp' && !input.value && !event.altKey) return editLast(event);
    if (event.key === 'Escape' && subject) return void (event.stopPropagation(), setSubject(null), put(house.drafts.of(key)));
    return undefined;
  }

  function editLast(event) {
    const line = house.state.places[key]?.lines.findLast((each) => each.own && !each.gone);
    if (!line) return;
    event.preventDefault();
    edit(line);
  }

  function edit(line) {
    setSubject({ line, edit: true });
    put(line.text);
    input.focus();
  }

  function setSubject(next) {
    subject = next;
    about.hidden = !next;
    if (!next) return;
    fill(about, icon(next.edit ? 'edit' : 'reply'),
      h('span', {}, next.edit ? 'Correcting your line' : `Answering ${next.line.who}: `, !next.edit && h('q', {}, next.line.text.slice(0, 100))),
      iconButton('close', 'Stop that', () => { const was = subject; setSubject(null); if (was?.edit) put(house.drafts.of(key)); input.focus(); }));
  }

  // ---- what changes ---------------------------------------------------------------------------------------

  function showTyping(place) {
    const now = Object.values(place?.typing ?? {}).filter((each) => Date.now() - each.at < 12_000).map((each) => each.nick);
    typing.textContent = now.length ? `${list(now, 3)} ${now.length > 1 ? 'are' : 'is'} writing…` : '';
    if (now.length) setTimeout(() => showTyping(house.state.places[key]), 5000);
  }

  function showOutbox(outbox, status) {
    const here = outbox.filter((entry) => entry.key === key && (entry.failed || status !== 'open'));
    waiting.hidden = !here.length;
    fill(waiting, here.map((entry) => h(`div.unsent${entry.failed ? '.failed' : ''}`, {},
      h('p', {}, entry.text), entry.failed
        ? [h('p.why', {}, icon('warn'), entry.failed), h('div.buttons', {},
          h('button.plain', { type: 'button', on: { click: () => { house.retry(entry, false); put(entry.text); input.focus(); } } }, 'Change'),
          h('button.plain', { type: 'button', on: { click: () => house.retry(entry, true) } }, 'Send again'),
          h('button.plain', { type: 'button', on: { click: () => house.retry(entry, false) } }, 'Throw away'))]
        : h('p.why', {}, icon('clock'), 'goes out when the connection is back'))));
    const failed = here.filter((entry) => entry.failed).at(-1);
    if (failed && failed !== tried) announce(`Not sent: ${failed.failed}`);
    tried = failed ?? tried;
  }

  input.addEventListener('keydown', keys);
  input.addEventListener('input', () => {
    again = null;
    resize();
    if (!subject?.edit) house.drafts.keep(key, input.value);
    suggest();
    if (input.value && !input.value.startsWith('/')) tellTyping('active');
    else if (!input.value) tellTyping('done');
  });
  input.addEventListener('blur', hide);
  house.store.watch((state) => [state.current, state.places[state.current]?.name, state.places[state.current]?.token], (current, name, now) => {
    if (now === token) key = current; // the room has another name
    if (now !== token || current !== key) {
      tellTyping('done');
      [key, token] = [current, now];
      setSubject(null);
      put(house.drafts.of(key));
    }
    input.placeholder = name ? `Write ${house.state.places[key].kind === 'talk' ? 'to' : 'in'} ${name}` : 'Join a room to write';
    input.disabled = !name;
    smile.disabled = !name;
  });
  house.store.watch((state) => [state.places[state.current]?.typing, state.current], () => showTyping(house.state.places[key]));
  house.store.watch((state) => [state.outbox, state.status, state.current], showOutbox);
  return { element: form, focus: () => input.focus(), insert, reply: (line) => { setSubject({ line }); input.focus(); }, edit, takeFiles: files.take };
}
