// Results as text: the same tables for a terminal and for docs/performance.md.
import { median, mustHold } from './must-hold.mjs';

const PHASES = ['apply', 'plan', 'again', 'edit', 'destroy'];

const seconds = (ms) => (ms === undefined ? '' : ms < 100 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(2)} s`);
const megabytes = (bytes) => (bytes ? `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB` : '');

/** A row for each contender and phase of a case: medians, and the ratio to each rival of the same phase. */
function rowsOf(name, contenders) {
  return Object.entries(contenders).flatMap(([contender, rounds]) =>
    [...new Set(rounds.flatMap((round) => Object.keys(round)))].flatMap((phase) => {
      if (phase === 'gone') return [];
      const of = (field) => median(rounds.flatMap((round) => (round[phase]?.[field] === undefined ? [] : [round[phase][field]])));
      const gone = of('goneMs') ?? median(rounds.flatMap((round) => (phase === 'destroy' && round.gone ? [round.gone.wallMs] : [])));
      const usable = rounds.map((round) => round[phase]?.usable).find(Boolean);
      return [
        [
          name,
          contender,
          phase,
          seconds(of('wallMs')) + (gone === undefined ? '' : ` (gone ${seconds(gone)})`),
          ratiosOf(contenders, contender, phase),
          seconds(of('cpuMs')),
          megabytes(of('peakBytes')),
          of('tasks') === undefined ? '' : `${of('tasks')}`,
          megabytes(of('bytesRead')),
          usable === undefined
            ? ''
            : usable.failures === 0
              ? 'at once'
              : usable.ms === null
                ? 'not within a minute'
                : `after ${seconds(usable.ms)}`,
        ],
      ];
    }),
  );
}

function ratiosOf(contenders, contender, phase) {
  if (contender !== 'netloom' || !PHASES.includes(phase)) return '';
  return Object.entries(contenders)
    .filter(([name]) => name !== contender)
    .flatMap(([name, rounds]) => {
      const each = rounds.flatMap((round, index) => {
        const own = contenders.netloom[index]?.[phase]?.wallMs;
        return own === undefined || round[phase] === undefined ? [] : [own / round[phase].wallMs];
      });
      return each.length === 0 ? [] : [`${median(each).toFixed(2)} × ${name}`];
    })
    .join(', ');
}

const HEAD = ['case', 'who', 'phase', 'wall', 'ratio', 'CPU', 'peak memory', 'tasks', 'read', 'usable'];

export const resultRows = (results) => [HEAD, ...Object.entries(results).flatMap(([name, contenders]) => rowsOf(name, contenders))];

export const mustHoldRows = (results) => [
  ['must hold', 'at most', 'reached', ''],
  ...mustHold(results).map(({ text, bound, reached, holds }) => [
    text,
    `${bound}`,
    reached === undefined ? 'not measured' : reached.toFixed(2),
    holds === undefined ? '' : holds ? 'holds' : 'does not hold',
  ]),
];

export function aligned(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** As a table of Markdown. */
export function markdown([head, ...rows]) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
