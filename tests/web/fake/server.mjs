/** The client's files with the true headers, and a fake house behind /ws. `node tests/web/fake/server.mjs [port]` */
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, normalize, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FakeHouse } from './house.mjs';
import { accept } from './socket.mjs';
import { furnish } from './company.mjs';

const STATIC = fileURLToPath(new URL('../../../src/teahouse/protocols/web/static/', import.meta.url));
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml', '.webmanifest': 'application/manifest+json' };
export const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/** @returns {Promise<{url: string, house: FakeHouse, links: Set<object>, close: () => void, served: object[]}>} */
export async function serve(port = 0, house = new FakeHouse()) {
  const links = new Set();
  const served = [];
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, 'http://x').pathname));
    try {
      const body = await readFile(join(STATIC, path === '/' ? 'index.html' : path));
      served.push({ path, size: body.length });
      response.writeHead(200, { 'Content-Type': TYPES[extname(path)] ?? TYPES['.html'], 'Content-Length': body.length, 'Content-Security-Policy': POLICY, 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer' });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  const state = { deaf: false };
  server.on('upgrade', (request, socket) => {
    if (state.deaf) return socket.destroy();
    const link = {};
    let taker = null;
    Object.assign(link, accept(request, socket, { message: (text) => taker.message(text), closed: () => { links.delete(link); taker.closed(); } }));
    taker = house.connect(link);
    links.add(link);
    return undefined;
  });
  await new Promise((done) => server.listen(port, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${server.address().port}/`, house, links, served, state, close: () => { server.close(); server.closeAllConnections(); for (const each of links) each.cut(); } };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { url, house } = await serve(Number(process.argv[2] ?? 8099));
  furnish(house);
  setInterval(() => house.say('tea', 'bob', 'Another cup, anyone?'), 20_000).unref();
  console.log(`A fake house at ${url} (account: ann, password: teatime1)`);
}
