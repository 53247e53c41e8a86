/**
 * What a browser runs when the house notifies it, also while no page is open. Rule: it keeps nothing and fetches nothing,
 * so that pages are never older than the house.
 */
const HOME = new URL('./', self.registration.scope);

self.addEventListener('install', () => void self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('push', (event) => event.waitUntil(show(read(event.data))));
self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.place ?? ''));
});

/** What came; a browser shows something of its own where nothing is shown. */
function read(data) {
  try {
    const found = data?.json();
    return typeof found === 'object' && found ? found : {};
  } catch {
    return {};
  }
}

const pages = async () => {
  const all = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  return all.filter(({ url }) => new URL(url).pathname === HOME.pathname);
};

async function show(note) {
  const looked = (await pages()).some(({ visibilityState, focused }) => visibilityState === 'visible' && focused);
  if (looked) return;
  const [title, body] = worded(note);
  const { place = '', house } = note;
  await self.registration.showNotification(title || house || 'Teahouse', {
    body, tag: place || 'teahouse', renotify: true, icon: 'icons/app-192.png', badge: 'icons/badge.png', data: { place },
  });
}

/** Title and text. @returns {[string, string]} */
function worded({ type, who, name, text = '' }) {
  if (type === 'subscribed') return ['', 'You are notified here from now on.'];
  if (type === 'invited') return [`${who} invites you`, `into ${name}`];
  const body = type === 'emoted' ? `* ${who} ${text}` : text;
  return who ? [name ? `${who} in ${name}` : who, body] : ['', 'Something new in the house.'];
}

/** The page, at that place: one that is open already, or a new one. */
async function open(place) {
  const [page] = await pages();
  if (!page) return void (await self.clients.openWindow(`${HOME}#${encodeURIComponent(place)}`));
  await page.focus();
  page.postMessage({ open: place });
}
