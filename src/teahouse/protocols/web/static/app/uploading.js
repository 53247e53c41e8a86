/**
 * Uploading files (docs/uploads.md). Rule: what the house would refuse is refused here first, in its words or better ones;
 * the file goes over HTTP with a ticket that was asked for over the connection.
 */
import { rank } from './state.js';
import { clean } from './text.js';
import { size } from '../status/words.js';

const OWN = /^uploads\/[0-9a-f]{32}\/([^/?#]+)$/u;
const PICTURE = /\.(?:png|jpe?g|gif|webp|avif)$/iu;
const PATH = 'uploads';

/** Whether one may upload here. @param {import('./state.js').State} state */
export function mayUpload({ house, me }) {
  return Boolean(house.uploads && me.account) && rank(me.role) >= rank(house.uploads.role);
}

/** Why a file is not taken, in a sentence; "" if nothing is known against it. */
export function whyNot(state, file) {
  if (!state.house.uploads) return 'This house takes no files.';
  if (!state.me.account) return 'Files are uploaded by people with an account: /register makes one of your nick.';
  if (!mayUpload(state)) return `Files are uploaded by those with the role ${state.house.uploads.role} here.`;
  const { bytes, kinds } = state.house.uploads;
  if (!file.size) return 'There is nothing in that file.';
  if (file.size > bytes) return `It has ${size(file.size)}, and a file has at most ${size(bytes)} here.`;
  const taken = !file.type || kinds.some((each) => each === '*/*' || each === file.type || (each.endsWith('/*') && file.type.startsWith(each.slice(0, -1))));
  return taken ? '' : `Files of the kind ${clean(file.type)} are not taken here.`;
}

/**
 * The address of an uploaded file. Rejects with an Error whose message is for people.
 * @param {import('./house.js').House} house @param {File} file
 * @param {{progress: (part: number) => void, signal: AbortSignal}} with_ `part`: from 0 to 1
 */
export async function upload(house, file, { progress, signal }) {
  const { ticket } = await house.connection.ask('upload');
  if (signal.aborted) throw new Error('Stopped.');
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch does not tell how far it is
    const failed = (text) => reject(new Error(text));
    request.open('POST', new URL(PATH, document.baseURI));
    request.setRequestHeader('Authorization', `Bearer ${ticket}`);
    request.setRequestHeader('Accept', 'application/json');
    request.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
    request.setRequestHeader('Content-Disposition', `attachment; filename*=UTF-8''${encoded(file.name)}`);
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded, total }) => total && progress(loaded / total);
    request.onload = () => {
      const url = request.response?.url;
      if (request.status === 201 && url) resolve(url);
      else failed(clean(request.response?.text) || `The house did not take it (${request.status}).`);
    };
    request.onerror = () => failed('The connection broke. Try again.');
    request.onabort = () => failed('Stopped.');
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}

/** Whether a look at a text is worth it. @param {string} text */
export const mayHaveUploads = (text) => text.includes(`/${PATH}/`);

const encoded = (name) => encodeURIComponent(name).replace(/[!'()*]/gu, (sign) => `%${sign.charCodeAt(0).toString(16)}`);

/**
 * A file that this house has, where a link leads to one: its name, and its address on this very site, for nothing of others
 * is ever loaded. @param {string} href @param {string} [site] the house's own, if it is told under another name
 * @returns {{name: string, src: string, isPicture: boolean}|null}
 */
export function uploadAt(href, site = '', base = document.baseURI) {
  if (!mayHaveUploads(href)) return null;
  const here = new URL('.', base).href;
  const there = site && `${site.replace(/\/$/u, '')}/`;
  const own = [here, there].find((each) => each && href.startsWith(each));
  const [, name] = (own && OWN.exec(href.slice(own.length))) ?? [];
  if (!name) return null;
  try {
    return { name: clean(decodeURIComponent(name)), src: new URL(href.slice(own.length), here).href, isPicture: PICTURE.test(name) };
  } catch {
    return null;
  }
}
