/** What waits, in the title of the tab and in its icon. Rule: a number for what is for one, a dot for anything else. */

/** @param {Record<string, import('./state.js').Place>} places @returns {{called: number, unread: boolean}} */
export function waiting(places) {
  const all = Object.values(places);
  return {
    called: all.reduce((sum, each) => sum + each.mentions, 0),
    unread: all.some((each) => each.unread || (each.last > each.read && !each.loaded)),
  };
}

/** The title of the tab. */
export function titleOf({ called, unread }, where, house) {
  const sign = called ? `(${called}) ` : unread ? '• ' : '';
  return `${sign}${where ? `${where} · ` : ''}${house}`;
}

/** @param {import('./house.js').House} house */
export function wearBadge(house) {
  const icon = document.querySelector('link[rel="icon"]');
  let worn = '';
  house.store.watch((state) => [state.places, state.current, state.phase, state.house], (places, current, phase, info) => {
    const now = phase === 'in' ? waiting(places) : { called: 0, unread: false };
    document.title = titleOf(now, phase === 'in' ? (places[current]?.name ?? '') : '', info.name || 'Teahouse');
    const wanted = now.called ? 'icons/logo-called.svg' : now.unread ? 'icons/logo-unread.svg' : 'icons/logo.svg';
    if (wanted === worn) return;
    worn = wanted;
    icon.href = wanted;
  });
}
