/** A push service and the device behind it. Rule: it reads by RFC 8291 what the house sends, and hands it to the browser's worker, as a browser does. */
import { createDecipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

const derived = (secret, salt, info, size) => Buffer.from(hkdfSync('sha256', secret, salt, info, size));
const labelled = (text) => Buffer.from(`${text}\0`);

export class Device {
  #got = [];
  #waiting = null;
  #keys = createECDH('prime256v1');
  #auth = randomBytes(16);

  static async opens() {
    const device = new Device();
    device.#keys.generateKeys();
    device.server = createServer((request, response) => {
      const parts = [];
      request.on('data', (part) => parts.push(part)).on('end', () => {
        response.writeHead(201).end();
        device.#got.push({ headers: request.headers, text: device.#read(Buffer.concat(parts)) });
        device.#waiting?.();
      });
    });
    device.server.listen(0, '127.0.0.1');
    await once(device.server, 'listening');
    return device;
  }

  /** What a browser says of a subscription. */
  get subscription() {
    const endpoint = `http://127.0.0.1:${this.server.address().port}/device`;
    return { endpoint, keys: { p256dh: this.#keys.getPublicKey('base64url'), auth: this.#auth.toString('base64url') } };
  }

  #read(body) {
    const [salt, sender, sealed] = [body.subarray(0, 16), body.subarray(21, 86), body.subarray(86)];
    const both = Buffer.concat([labelled('WebPush: info'), this.#keys.getPublicKey(), sender]);
    const secret = derived(this.#keys.computeSecret(sender), this.#auth, both, 32);
    const key = derived(secret, salt, labelled('Content-Encoding: aes128gcm'), 16);
    const cipher = createDecipheriv('aes-128-gcm', key, derived(secret, salt, labelled('Content-Encoding: nonce'), 12));
    cipher.setAuthTag(sealed.subarray(-16));
    const text = Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()]);
    return text.subarray(0, text.lastIndexOf(2)).toString();
  }

  /** The next message that the house sends. */
  async next() {
    while (!this.#got.length) await new Promise((come) => { this.#waiting = come; });
    return this.#got.shift();
  }

  get isEmpty() {
    return !this.#got.length;
  }

  closes() {
    this.server.close();
    this.server.closeAllConnections();
  }
}

/** A browser without a push service of its own has this subscription when it is asked for one. */
export const stub = ({ endpoint, keys }) => {
  let kept = null;
  const made = (options) => ({ endpoint, options, toJSON: () => ({ endpoint, keys }), unsubscribe: async () => { kept = null; return true; } });
  PushManager.prototype.getSubscription = async () => kept;
  PushManager.prototype.subscribe = async (options) => {
    if (options.applicationServerKey.length !== 65) throw new Error('that is no key');
    kept = made({ ...options, applicationServerKey: options.applicationServerKey.buffer });
    return kept;
  };
};
