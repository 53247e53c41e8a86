/** Asking the house. Rule: the token is kept for this tab alone, and goes with each request in its header. */

const KEY = 'teahouse.moderator';
const TOO_LONG_MS = 15_000;

/** What went wrong, in the house's words. */
export class Refused extends Error {
  constructor(status, text, code) {
    super(text);
    this.status = status;
    this.code = code;
  }
}

export const token = {
  get: () => sessionStorage.getItem(KEY) ?? '',
  set: (text) => sessionStorage.setItem(KEY, text),
  forget: () => sessionStorage.removeItem(KEY),
};

/** @param {string} path @param {object} [body] what is posted; without it the path is read */
export async function ask(path, body = undefined) {
  const headers = { Accept: 'application/json' };
  if (token.get()) headers.Authorization = `Bearer ${token.get()}`;
  if (body) headers['Content-Type'] = 'application/json';
  let answer;
  try {
    answer = await fetch(path, { method: body ? 'POST' : 'GET', headers, body: body && JSON.stringify(body), cache: 'no-store', credentials: 'omit', signal: AbortSignal.timeout(TOO_LONG_MS) });
  } catch {
    throw new Refused(0, 'The house cannot be reached just now. Try again in a moment.', 'unreachable');
  }
  if (answer.status === 204) return null;
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(answer.status, said.text ?? `The house answers ${answer.status}.`, said.code ?? '');
  return said;
}

/** Run a command of the rooms; what it `said`, and what is `seen` after it. */
export const run = (command, text) => ask('admin/do.json', { command, text });
export const audit = (query) => ask(`admin/audit.json?${new URLSearchParams(query)}`);
export const overview = () => ask('admin.json');

export async function signIn(name, password) {
  token.forget();
  token.set((await ask('admin/login.json', { name, password })).token);
}

export async function signOut() {
  try {
    await ask('admin/logout.json', {});
  } finally {
    token.forget();
  }
}
