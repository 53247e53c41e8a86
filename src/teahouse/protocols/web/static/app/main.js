/** The page: the door, and what is behind it once somebody comes in. Rule: nothing but wiring. */
import { byId, fill } from './dom.js';
import { House } from './house.js';
import { Store } from './store.js';
import { signinView } from './views/signin.js';

const url = new URL('ws', location.href);
url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
const house = new House(new Store(), url.href);

fill(byId('signin'), signinView(house));
let inside = null;
house.store.watch((state) => [state.phase, state.status], async (phase, status) => {
  if (phase === 'in') inside ??= import('./inside.js').then(({ furnish }) => furnish(house));
  await inside;
  if (phase !== house.state.phase) return;
  byId('signin').hidden = phase !== 'signin';
  byId('app').hidden = phase !== 'in';
  byId('start').hidden = phase !== 'starting';
  byId('wait').textContent = status === 'lost' ? 'The house cannot be reached just now. Trying again…' : 'One moment…';
});

const paint = ({ theme, compact }) => Object.assign(document.documentElement.dataset, { theme, compact: String(compact) });
house.on('settings', paint);
paint(house.settings);

addEventListener('pagehide', () => house.pause());
addEventListener('online', () => house.connection.hurry());
document.addEventListener('visibilitychange', () => !document.hidden && house.connection.hurry());
house.start();
