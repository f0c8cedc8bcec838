// Inside a sandbox: how long netloom takes to bring the topology up, to find nothing to do, and to take it down.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../bin/netloom.js', import.meta.url));
const [file] = process.argv.slice(2);

/** Seconds that a command of netloom takes; its output is only shown when it fails. */
function seconds(...args) {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`netloom ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
  return ((performance.now() - start) / 1000).toFixed(3);
}

const [up, read, down] = [seconds('apply', file), seconds('plan', file), seconds('destroy', file, '--yes')];
console.log(`netloom up ${up} read ${read} down ${down}`);
