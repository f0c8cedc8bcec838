// Draws how the time for a star grows with its size: both axes logarithmic, a panel for each phase, a line for each contender.
import { median } from './must-hold.mjs';

const PANELS = [
  { phase: 'apply', title: 'first apply' },
  { phase: 'plan', title: 'no-op plan, or a read of everything' },
  { phase: 'destroy', title: 'destroy' },
];
/** Legible on white and on black alike; told by their dashes, too. */
const LINES = {
  netloom: { name: 'netloom', light: '#0b5fc2', dark: '#6cb2ff', dash: '' },
  shell: { name: 'star.sh', light: '#b3401f', dark: '#ff9f7a', dash: '7 4' },
  mininet: { name: 'Mininet', light: '#6d3fb0', dark: '#c6a5ff', dash: '' },
  cni: { name: 'CNI', light: '#8a6100', dark: '#e8c35a', dash: '10 3 2 3' },
  floor: { name: 'floor.c', light: '#4f6b1f', dark: '#b3d66f', dash: '2 4' },
};
const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM, GAP] = [1080, 400, 64, 90, 56, 48, 64];
const PANEL = (WIDTH - LEFT - RIGHT - GAP * (PANELS.length - 1)) / PANELS.length;
const [SIZES, SECONDS] = [
  [10, 100, 1000, 4000],
  [0.001, 0.01, 0.1, 1, 10, 100],
];

/** Where a value stands between two, on a logarithmic scale. */
const share = (value, [first, last]) => Math.log(value / first) / Math.log(last / first);
const round = (number) => Math.round(number * 10) / 10;
const text = (x, y, content, attributes = '') => `<text x="${round(x)}" y="${round(y)}" ${attributes}>${content}</text>`;

/** [size, seconds] of a contender in a phase, by size. */
const pointsOf = (results, contender, phase) =>
  Object.entries(results)
    .flatMap(([name, all]) => {
      const size = /^star-(\d+)$/.exec(name)?.[1];
      const walls = size === undefined ? [] : (all[contender] ?? []).flatMap((one) => (one[phase] ? [one[phase].wallMs / 1000] : []));
      return walls.length === 0 ? [] : [[Number(size), median(walls)]];
    })
    .toSorted(([a], [b]) => a - b);

export function plot(results) {
  const all = PANELS.flatMap(({ phase }) =>
    Object.keys(LINES).flatMap((contender) => pointsOf(results, contender, phase).map(([, s]) => s)),
  );
  const range = [
    SECONDS.findLast((one) => one <= Math.min(...all)) ?? SECONDS[0],
    SECONDS.find((one) => one >= Math.max(...all)) ?? SECONDS.at(-1),
  ];
  const y = (seconds) => HEIGHT - BOTTOM - share(seconds, range) * (HEIGHT - TOP - BOTTOM);
  const body = PANELS.map((panel, index) => panelOf(results, panel, LEFT + index * (PANEL + GAP), y, range, index === 0)).join('\n');
  const colours = (key) =>
    Object.entries(LINES)
      .map(([name, line]) => `.${name}{stroke:${line[key]}}text.${name},circle.${name}{fill:${line[key]};stroke:none}`)
      .join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Seconds for a star of namespaces, by its size">
<style>
text{font:13px sans-serif;fill:#1f2328}.title{font-weight:bold}.grid{stroke:#d0d7de;stroke-width:1}path{fill:none;stroke-width:2.2}.paper{fill:#ffffff}
${colours('light')}
@media (prefers-color-scheme:dark){text{fill:#e6edf3}.grid{stroke:#3d444d}.paper{fill:#0d1117}${colours('dark')}}
</style>
<rect class="paper" width="${WIDTH}" height="${HEIGHT}"/>
${text(LEFT, 22, 'A star of namespaces on bridges: seconds by number of namespaces (both scales logarithmic; less is better)', 'class="title"')}
${body}
</svg>
`;
}

function panelOf(results, { phase, title }, left, y, range, isFirst) {
  const x = (size) => left + share(size, [SIZES[0], SIZES.at(-1)]) * PANEL;
  const parts = [text(left, TOP - 12, title)];
  for (const seconds of SECONDS.filter((one) => one >= range[0] && one <= range[1])) {
    parts.push(`<line class="grid" x1="${round(left)}" x2="${round(left + PANEL)}" y1="${round(y(seconds))}" y2="${round(y(seconds))}"/>`);
    if (isFirst) parts.push(text(left - 8, y(seconds) + 4, seconds < 1 ? `${seconds * 1000} ms` : `${seconds} s`, 'text-anchor="end"'));
  }
  for (const size of SIZES) parts.push(text(x(size), HEIGHT - BOTTOM + 20, size.toLocaleString('en'), 'text-anchor="middle"'));
  // From the least on, so that two names at one height move apart upwards.
  const lowest = new Map();
  const lines = Object.keys(LINES)
    .map((contender) => ({ contender, points: pointsOf(results, contender, phase) }))
    .filter(({ points }) => points.length > 0)
    .toSorted((a, b) => a.points.at(-1)[1] - b.points.at(-1)[1]);
  for (const { contender, points } of lines) {
    const path = points.map(([size, seconds], index) => `${index === 0 ? 'M' : 'L'}${round(x(size))} ${round(y(seconds))}`).join('');
    parts.push(`<path class="${contender}" d="${path}" stroke-dasharray="${LINES[contender].dash}"/>`);
    for (const [size, seconds] of points)
      parts.push(`<circle class="${contender}" cx="${round(x(size))}" cy="${round(y(seconds))}" r="3.2"/>`);
    const [size, seconds] = points.at(-1);
    const room = x(size) + 8 + 56 > left + PANEL;
    const height = Math.min((lowest.get(size) ?? HEIGHT) - 14, y(seconds) + (room ? -9 : 4));
    lowest.set(size, height);
    parts.push(
      text(room ? x(size) : x(size) + 8, height, LINES[contender].name, `class="${contender}" text-anchor="${room ? 'end' : 'start'}"`),
    );
  }
  return parts.join('\n');
}
