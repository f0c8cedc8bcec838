// Puts results into docs/performance.md, between its marks, and draws their plot.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, runBin, SetupError } from '../scripts/setup.mjs';
import { plot } from './plot.mjs';
import { markdown, mustHoldRows, resultRows } from './report.mjs';

const PAGE = join(ROOT, 'docs', 'performance.md');
const [BEGIN, END] = ['<!-- results: begin, written by `npm run bench -- --docs` -->', '<!-- results: end -->'];

/** The last line of what went wrong is the nearest to its cause. */
const failed = ({ case: name, contender, round, why }) => `${contender} (${name}, round ${round}: \`${why.split('\n').at(-1)}\`)`;

export function writePage({ machine, absent, failures, results }) {
  const page = readFileSync(PAGE, 'utf8');
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error(`${PAGE} has no marks for the results`);
  const missing = Object.entries(absent).flatMap(([name, why]) => (why === undefined ? [] : [`${name} (${why})`]));
  const about = `netloom ${machine.netloom}, Node ${machine.node}, Linux ${machine.kernel}, ${machine.cpus} × ${machine.cpu}, ${machine.memoryGb} GB, ${machine.date}.`;
  const text = [
    about,
    ...(missing.length > 0 ? [`Did not take part: ${missing.join(', ')}.`] : []),
    ...(failures.length > 0 ? [`Failed, and left out of that round: ${failures.map(failed).join(', ')}.`] : []),
    '![Seconds for a star of namespaces, by its size](pictures/performance.svg)',
    markdown(mustHoldRows(results)),
    markdown(resultRows(results)),
  ].join('\n\n');
  writeFileSync(PAGE, `${before}${BEGIN}\n\n${text}\n\n${END}${after}`);
  writeFileSync(join(ROOT, 'docs', 'pictures', 'performance.svg'), plot(results));
  if (runBin('biome', ['format', '--write', PAGE]) !== 0) throw new SetupError('the page cannot be formatted; what biome said is above.');
}
