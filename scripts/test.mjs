// `npm test`: everything that must hold, on a fresh clone too. Arguments go to Vitest: `npm test -- bridge`.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { main, ROOT, run, runBin, setUp } from './setup.mjs';

/** Vitest's own report of the last run, for .ci/run. */
const REPORT = join(ROOT, 'node_modules', '.netloom', 'test-report.json');

await main(async () => {
  rmSync(REPORT, { force: true });
  setUp();
  mkdirSync(dirname(REPORT), { recursive: true });
  const steps = [
    ['style', () => runBin('biome', ['check', '--error-on-warnings', '.'])],
    ['types', () => runBin('tsc', [])],
    ['generated files', () => run(process.execPath, ['scripts/generate.mjs', '--check'])],
    [
      'tests',
      () => runBin('vitest', ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`, ...process.argv.slice(2)]),
    ],
    ['nothing skipped', () => skippedInCi()],
  ];
  // All of them, so that one run tells everything.
  const failed = steps.filter(([, check]) => check() !== 0).map(([name]) => name);
  if (failed.length > 0) console.error(`\nFailed: ${failed.join(', ')}.`);
  return failed.length > 0 ? 1 : 0;
});

/** A machine without a tool or privilege must not look like a machine where all is well. */
function skippedInCi() {
  if (process.env.CI !== 'true' || !existsSync(REPORT)) return 0;
  const { numPendingTests, numTodoTests } = JSON.parse(readFileSync(REPORT, 'utf8'));
  if (numPendingTests + numTodoTests === 0) return 0;
  console.error(`${numPendingTests + numTodoTests} tests were skipped, which CI=true forbids.`);
  return 1;
}
