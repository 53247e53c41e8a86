/** A small relay before the house. Rule: what it breaks, it breaks as a network does: without a word to either end. */
import { once } from 'node:events';
import net from 'node:net';

export class Relay {
  #pairs = new Set();
  /** New connections go nowhere. */
  closed = false;
  count = 0;

  /** @param {number} port where the house listens */
  static async open(port) {
    const relay = new Relay();
    relay.server = net.createServer((near) => relay.#take(near, port));
    relay.server.listen(0, '127.0.0.1');
    await once(relay.server, 'listening');
    return relay;
  }

  get url() {
    return `http://127.0.0.1:${this.server.address().port}/`;
  }

  #take(near, port) {
    near.on('error', () => {});
    if (this.closed) return near.resetAndDestroy();
    this.count += 1;
    const far = net.connect(port, 'localhost');
    const pair = { near, far };
    this.#pairs.add(pair);
    far.on('error', () => near.destroy());
    near.pipe(far);
    far.pipe(near);
    const over = () => { near.destroy(); far.destroy(); this.#pairs.delete(pair); };
    near.on('close', over);
    far.on('close', over);
    return undefined;
  }

  /** All connections break. */
  cut() {
    for (const { near, far } of [...this.#pairs]) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
  }

  /** Nothing more is read from the house, though the connections stand. */
  deafen() {
    for (const { near, far } of this.#pairs) {
      far.unpipe(near);
      far.pause();
    }
  }

  close() {
    this.cut();
    this.server.close();
  }
}
