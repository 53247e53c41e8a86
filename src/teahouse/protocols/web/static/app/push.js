/**
 * Notifications while no page is open: this browser subscribes, and tells the house. Rule: what is asked of the browser is
 * asked on a click; who signs out here is notified here no more.
 */
import { load, save } from './keeping.js';
import { fold } from './text.js';

const WORKER = new URL('../worker.js', import.meta.url);
const KEPT = 'push';

export class Push {
  #house;

  /** @param {import('./house.js').House} house */
  constructor(house) {
    this.#house = house;
  }

  /** Whether this browser is notified for the account that is in. */
  get on() {
    const { account } = this.#house.state.me;
    return Boolean(account) && load(KEPT) === fold(account);
  }

  /** Why it cannot be; '' where it can. */
  get obstacle() {
    const { house, me } = this.#house.state;
    if (!house.push) return 'This house sends no notifications.';
    if (!me.account) return `For those with an account: /register makes one of your nick, ${me.nick}.`;
    if (!globalThis.isSecureContext) return 'Only over https.';
    if (globalThis.PushManager && navigator.serviceWorker) return '';
    return 'Your browser has them for installed pages only, or not at all: on an iPhone, add this page to the home screen first.';
  }

  /** To be called on a click. Raises what the browser, or the house, has against it. */
  async subscribe() {
    if (this.obstacle) throw new Error(this.obstacle);
    if ((await Notification.requestPermission()) !== 'granted') {
      throw new Error('Your browser does not allow notifications from here: change that in its settings for this site.');
    }
    await this.#tell(await this.#subscribed());
    save(KEPT, fold(this.#house.state.me.account));
  }

  /** A subscription to the house as it is now: one to another key is good for nothing. */
  async #subscribed() {
    await navigator.serviceWorker.register(WORKER);
    const { pushManager } = await navigator.serviceWorker.ready;
    const key = bytes(this.#house.state.house.push);
    const before = await pushManager.getSubscription();
    if (before && same(before.options?.applicationServerKey, key)) return before;
    await before?.unsubscribe();
    return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  }

  #tell(subscription) {
    const { endpoint, keys } = subscription.toJSON();
    return this.#house.connection.ask('subscribe', { endpoint, p256dh: keys.p256dh, auth: keys.auth });
  }

  async unsubscribe() {
    if (!load(KEPT)) return;
    save(KEPT, null);
    const subscription = await (await this.#worker())?.pushManager?.getSubscription();
    if (!subscription) return;
    const { endpoint } = subscription;
    await Promise.allSettled([subscription.unsubscribe(), this.#house.connection.ask('unsubscribe', { endpoint })]);
  }

  #worker() {
    return navigator.serviceWorker?.getRegistration(WORKER);
  }

  /** One has come in: the house may have forgotten this browser, or somebody else may be notified here. */
  async resume() {
    if (!load(KEPT) || !navigator.serviceWorker) return;
    if (!this.on || this.obstacle || Notification.permission !== 'granted') return void (await this.unsubscribe());
    await this.#tell(await this.#subscribed());
  }

  /** What is looked at need not be called out any more. */
  async quiet(place) {
    const notes = (await (await this.#worker())?.getNotifications({ tag: place })) ?? [];
    for (const each of notes) each.close();
  }
}

/** Have the worker's clicks lead here. @param {import('./house.js').House} house @param {Push} push */
export function attend(house, push) {
  navigator.serviceWorker?.addEventListener('message', ({ data }) => typeof data?.open === 'string' && house.visit({ key: data.open, id: 0 }));
  house.store.watch((state) => [state.watching], (place) => { if (place && push.on) push.quiet(place).catch(() => {}); });
  house.store.watch((state) => [state.phase === 'in' && state.me.account, Boolean(state.current)], (account, settled) => {
    if (account === false || !settled) return;
    push.resume().catch(() => {}); // by the next page that is opened
  });
  house.farewell = () => push.unsubscribe();
}

const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (sign) => sign.charCodeAt(0));

const same = (buffer, key) => Boolean(buffer) && new Uint8Array(buffer).every((byte, at) => byte === key[at]);
