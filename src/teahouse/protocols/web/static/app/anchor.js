/** Links into the house: `#lobby`, and to a single line `#lobby/720134`. Rule: pure; what is no such link is none. */

/** @param {string} page the address of the client @param {string} key of the place @param {number} id */
export function linkTo(page, key, id) {
  return `${page.replace(/#.*$/u, '')}#${encodeURIComponent(key)}/${id}`;
}

/** The place that a link is to, and the line there, 0 for none. @param {string} hash @returns {{key: string, id: number}|null} */
export function targetIn(hash) {
  const found = /^#([^/]+)(?:\/([1-9]\d{0,15}))?$/u.exec(hash);
  if (!found) return null;
  try {
    const [key, id] = [decodeURIComponent(found[1]), Number(found[2] ?? 0)];
    return Number.isSafeInteger(id) ? { key, id } : null;
  } catch {
    return null;
  }
}

/** The same of a whole address, if it leads to this client. @param {string} href @param {string} page */
export function targetOf(href, page) {
  const [where, hash = ''] = href.split('#');
  return where === page.replace(/#.*$/u, '') ? targetIn(`#${hash}`) : null;
}
