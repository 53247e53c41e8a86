/** Files that are on their way. Rule: each can be stopped, none is sent to anyone before one has seen where its address goes. */
import { fill, h, icon, iconButton } from '../dom.js';
import { clean } from '../text.js';
import { size } from '../../status/words.js';
import { mayUpload, upload, whyNot } from '../uploading.js';

const MOST = 5;

/**
 * @param {import('../house.js').House} house
 * @param {{announce: (text: string) => void, done: (key: string, url: string) => void, back: () => void}} with_ `done` puts the
 *   address into what is being written in the place `key`; `back` goes back to writing
 */
export function attachView(house, { announce, done, back }) {
  const list = h('div.files', { role: 'group', 'aria-label': 'Files on their way', hidden: true });
  const chooser = h('input', { type: 'file', multiple: true, hidden: true, tabindex: '-1', 'aria-label': 'Choose files', on: { change: () => { add(chooser.files); chooser.value = ''; } } });
  const button = iconButton('clip', 'Attach a file', () => chooser.click(), { hidden: true });

  /** @param {Iterable<File>} files */
  function add(files) {
    const all = [...files];
    for (const file of all.slice(0, MOST)) void bring(file, house.state.current);
    if (all.length > MOST) announce(`Only the first ${MOST} files are uploaded at once.`);
  }

  async function bring(file, key) {
    const name = clean(file.name) || 'file';
    const stop = new AbortController();
    const bar = h('progress', { max: '1', value: 0, 'aria-label': `Uploading ${name}` });
    const entry = h('div.coming', {}, h('p.name', {}, h('b', {}, name), ` ${size(file.size)}`), bar, iconButton('close', `Stop uploading ${name}`, () => { stop.abort(); drop(entry); }));
    show(entry);
    try {
      const known = whyNot(house.state, file);
      if (known) throw new Error(known);
      const url = await upload(house, file, { signal: stop.signal, progress: (part) => { bar.value = part; } });
      drop(entry);
      done(key, url);
      announce(`${name} is uploaded. Its address is in your message.`);
    } catch (error) {
      if (!stop.signal.aborted) refused(entry, file, key, error.message);
    }
  }

  function refused(entry, file, key, text) {
    const name = clean(file.name) || 'file';
    entry.classList.add('failed');
    entry.dataset.key = key;
    fill(entry, h('p.name', {}, h('b', {}, name)), h('p.why', {}, icon('warn'), text),
      iconButton('close', `Throw ${name} away`, () => drop(entry)));
    announce(`${name} is not uploaded: ${text}`);
  }

  function show(entry) {
    list.append(entry);
    list.hidden = false;
  }

  function drop(entry) {
    const focused = entry.contains(document.activeElement);
    entry.remove();
    list.hidden = !list.childElementCount;
    if (focused) back();
  }

  /** Files that are dropped anywhere on this element, or pasted into it, are uploaded. @param {HTMLElement} element */
  function take(element) {
    const has = (event) => event.dataTransfer?.types.includes('Files') && house.state.current;
    element.addEventListener('dragover', (event) => {
      if (!has(event)) return;
      event.preventDefault();
      element.classList.add('drop-here');
    });
    for (const name of ['dragleave', 'drop']) {
      element.addEventListener(name, (event) => (name === 'drop' || !element.contains(event.relatedTarget)) && element.classList.remove('drop-here'));
    }
    element.addEventListener('drop', (event) => {
      if (!has(event)) return;
      event.preventDefault();
      add(event.dataTransfer.files);
      back();
    });
    element.addEventListener('paste', (event) => {
      const { files, types } = event.clipboardData ?? { files: [], types: [] };
      if (!files.length || types.includes('text/plain')) return; // an office's text has a picture of itself beside it
      event.preventDefault();
      add(files);
    });
  }

  house.store.watch((state) => [state.house, state.me, state.current], (info, me, current) => {
    for (const entry of list.querySelectorAll('.failed')) if (entry.dataset.key !== current) drop(entry); // it was told there
    button.hidden = !mayUpload(house.state);
    button.disabled = !house.state.current;
  });
  return { list, chooser, button, take };
}
