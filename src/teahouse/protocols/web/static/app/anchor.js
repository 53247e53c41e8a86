/** Links to single lines: `#lobby/720134`. Rule: pure; what is no such link is none, whatever it looks like. */

/** @param {string} page the address of the client @param {string} key of the place @param {number} id */
export function linkTo(page, key, id) {
  return `${page.replace(/#.*$/u, '')}#${encodeURIComponent(key)}/${id}`;
}

/** The line that a link is to. @param {string} hash @returns {{key: string, id: number}|null} */
export function lineIn(hash) {
  const found = /^#([^/]+)\/([1-9]\d{0,15})$/u.exec(hash);
  if (!found) return null;
  try {
    const [key, id] = [decodeURIComponent(found[1]), Number(found[2])];
    return Number.isSafeInteger(id) ? { key, id } : null;
  } catch {
    return null;
  }
}

/** The same of a whole address, if it leads to this client. @param {string} href @param {string} page */
export function lineAt(href, page) {
  const [where, hash = ''] = href.split('#');
  return where === page.replace(/#.*$/u, '') ? lineIn(`#${hash}`) : null;
}
