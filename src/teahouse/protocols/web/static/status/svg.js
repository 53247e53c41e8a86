/** Charts as SVG. Rule: made of elements, never of markup; sizes are attributes, colours are classes. */

const SVG = 'http://www.w3.org/2000/svg';
const HEIGHT = 144;
const TOP = 16;
const BOTTOM = 18;
const MINUTES = 60;

/** An element of SVG. @param {string} tag with classes, as "rect.bar" */
export function s(tag, attributes = {}, ...children) {
  const [name, ...classes] = tag.split('.');
  const element = document.createElementNS(SVG, name);
  if (classes.length) element.setAttribute('class', classes.join(' '));
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...children);
  return element;
}

/** The number at or above a value at which an axis ends: 1, 2 or 5 of some power of `base`. */
export function ceiling(value, least = 1, base = 10) {
  let step = least;
  while (step * 10 <= value) step *= base === 2 ? 16 : 10;
  const steps = base === 2 ? [1, 2, 4, 8, 16] : [1, 2, 5, 10];
  return step * (steps.find((each) => step * each >= value) ?? steps.at(-1));
}

/**
 * A chart of up to 60 minutes; the newest stands at the right.
 * @param {{values: number[], drawn: string, width: number, top: number, say: (value: number) => string, label: string}} chart
 */
export function hour({ values, drawn, width, top, say, label }) {
  const high = HEIGHT - TOP - BOTTOM;
  const slot = width / MINUTES;
  const y = (value) => TOP + high * (1 - Math.min(1, value / top));
  const x = (index) => width - (values.length - index - 0.5) * slot;
  return s('svg', { viewBox: `0 0 ${width} ${HEIGHT}`, role: 'img', 'aria-label': label },
    s('line.grid', { x1: 0, x2: width, y1: y(top), y2: y(top) }),
    s('line.grid', { x1: 0, x2: width, y1: y(top / 2), y2: y(top / 2) }),
    s('line.grid', { x1: 0, x2: width, y1: y(0), y2: y(0) }),
    s('text.label', { x: 0, y: y(top) - 4 }, say(top)),
    s('text.label', { x: 0, y: HEIGHT - 3 }, '1 hour ago'),
    s('text.label', { x: width, y: HEIGHT - 3, 'text-anchor': 'end' }, 'now'),
    ...(drawn === 'bars' ? bars(values, slot, x, y) : line(values, x, y)));
}

function bars(values, slot, x, y) {
  const wide = Math.max(1, slot * 0.72);
  return values.map((value, index) => s(index === values.length - 1 ? 'rect.bar.unfinished' : 'rect.bar', {
    x: x(index) - wide / 2, y: y(value), width: wide, height: Math.max(0, y(0) - y(value)), rx: Math.min(2, wide / 3),
  }));
}

function line(values, x, y) {
  const points = values.map((value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`);
  const last = values.length - 1;
  return [
    s('polygon.area', { points: [`${x(0)},${y(0)}`, ...points, `${x(last)},${y(0)}`].join(' ') }),
    s('polyline.path', { points: points.join(' ') }),
    s('circle.dot', { cx: x(last), cy: y(values[last]), r: 3.5 }),
  ];
}

/** One bar beside its number: decoration. @param {number} share of the longest */
export function bar(share) {
  return s('svg', { 'aria-hidden': 'true', focusable: 'false' },
    s('rect.track', { width: '100%', height: '100%', rx: 4 }),
    s('rect', { width: `${(share * 100).toFixed(1)}%`, height: '100%', rx: 4 }));
}
