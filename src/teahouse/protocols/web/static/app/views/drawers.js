/** On a narrow page, rooms and members are drawers. Rule: what cannot be seen cannot be reached by the keyboard either. */

/** @param {HTMLElement} places @param {HTMLElement} members */
export function drawers(places, members) {
  const sheets = { places, members };
  const app = document.getElementById('app');
  const narrow = { places: matchMedia('(max-width: 699px)'), members: matchMedia('(max-width: 1023px)') };
  const open = { places: false, members: false };
  const hiddenWide = { places: false, members: false };
  let before = null;

  function show() {
    for (const [name, sheet] of Object.entries(sheets)) {
      const seen = narrow[name].matches ? open[name] : !hiddenWide[name];
      sheet.inert = !seen;
      sheet.dataset.open = String(seen);
      for (const each of document.querySelectorAll(`[aria-controls="${name}"]`)) each.setAttribute('aria-expanded', String(seen));
    }
    app.dataset.shade = String((narrow.places.matches && open.places) || (narrow.members.matches && open.members));
    app.dataset.members = String(!hiddenWide.members);
  }

  function toggle(name) {
    if (!narrow[name].matches) {
      hiddenWide[name] = !hiddenWide[name];
    } else {
      const next = !open[name];
      [open.places, open.members] = [false, false];
      open[name] = next;
      if (next) before = document.activeElement;
    }
    show();
    if (open[name]) sheets[name].querySelector('[tabindex="0"], button')?.focus();
  }

  /** Close what is open. @returns {boolean} whether something was */
  function close() {
    if (!open.places && !open.members) return false;
    [open.places, open.members] = [false, false];
    show();
    before?.focus?.();
    return true;
  }

  for (const each of Object.values(narrow)) each.addEventListener('change', show);
  document.getElementById('shade').addEventListener('click', close);
  show();
  queueMicrotask(show);
  return { toggle, close };
}
