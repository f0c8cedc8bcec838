// What must hold, and what was reached: medians of the ratios of each round.
/** Undefined where there is none. */
export function median(values) {
  if (values.length === 0) return undefined;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.trunc(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Wall time in ms of a phase in each round; undefined where a contender failed. */
const walls = (results, name, contender, phase, field = 'wallMs') =>
  (results[name]?.[contender] ?? []).map((round) => round[phase]?.[field]);

/** Round by round; the shorter list ends it. */
function ratios(one, other) {
  const count = Math.min(one.length, other.length);
  return Array.from({ length: count }, (_, index) => one[index] / other[index]);
}

const against =
  (name, [contender, phase, field], [rival, rivalPhase, rivalField]) =>
  (results) =>
    ratios(walls(results, name, contender, phase, field), walls(results, name, rival, rivalPhase, rivalField));

/** Per round: an edit less a start, in times of `nft -f`. */
const publishEdit = (results) =>
  (results['publishes-2000']?.netloom ?? []).map((round) => (round.edit.wallMs - round.validate.wallMs) / round['nft -f'].wallMs);

const startUp = (phase) => (results) =>
  (results['start-up']?.netloom ?? []).map((round) => (2 * round[phase].wallMs) / (round.node.wallMs + round['node again'].wallMs));

const grown = (phase) => (results) => ratios(walls(results, 'star-4000', 'netloom', phase), walls(results, 'star-1000', 'netloom', phase));

const MUST_HOLD = [
  ['star 1,000, first apply, against star.sh up', 1.1, against('star-1000', ['netloom', 'apply'], ['shell', 'apply'])],
  ['star 1,000, no-op plan, against star.sh read', 1.2, against('star-1000', ['netloom', 'plan'], ['shell', 'plan'])],
  ['star 1,000, one edit, against star.sh read', 1.35, against('star-1000', ['netloom', 'edit'], ['shell', 'plan'])],
  ['star 1,000, destroy, until all gone, against star.sh', 1.2, against('star-1000', ['netloom', 'destroy', 'goneMs'], ['shell', 'gone'])],
  ['star 200, first apply, against Mininet', 0.3, against('star-200', ['netloom', 'apply'], ['mininet', 'apply'])],
  ['star 200, destroy, against Mininet', 0.15, against('star-200', ['netloom', 'destroy'], ['mininet', 'destroy'])],
  ['star 4,000, first apply, against star 1,000', 4.6, grown('apply')],
  ['star 4,000, no-op plan, against star 1,000', 4.6, grown('plan')],
  ['validate of docker0, against node -e 0', 2.2, startUp('validate')],
  ['plan of docker0, nothing to do, against node -e 0', 4, startUp('plan')],
  ['2,000 publishes, one changed, less start-up, against nft -f', 1.5, publishEdit],
  [
    'peak memory of a plan of star 1,000, in MB',
    160,
    (results) => walls(results, 'star-1000', 'netloom', 'plan', 'peakBytes').map((bytes) => bytes / 1e6),
  ],
];

/** Each with its bound and what was reached; undefined where it was not measured. */
export const mustHold = (results) =>
  MUST_HOLD.map(([text, bound, of]) => {
    const reached = median(of(results).filter(Number.isFinite));
    return { text, bound, reached, holds: reached === undefined ? undefined : reached <= bound };
  });
