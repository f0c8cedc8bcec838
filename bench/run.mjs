// `npm run bench [-- N [ROUNDS]]`: a star of N namespaces on one bridge, built, read and removed by netloom and by the best hand-written shell,
// in turns and each on a throw-away host of its own. `npm run bench -- watch [ROUNDS [IDLE SECONDS]]`: how fast `netloom watch` is.
// Machines are noisy: only the ratios of the medians mean anything.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main, ROOT, SetupError, setUp } from '../scripts/setup.mjs';

const PHASES = ['up', 'read', 'down'];

/** Prints `up 1.234 read …` as its last line, like ours; absent: netloom is measured alone. */
const SHELL = process.env.NETLOOM_BENCH_SHELL ?? join(ROOT, '..', 'shared', 'bench', 'star.sh');

await main(async () => {
  if (process.argv[2] === 'watch') return watch(process.argv.slice(3));
  const [size, rounds] = [Number(process.argv[2] ?? 200), Number(process.argv[3] ?? 3)];
  if (!(size >= 1 && size <= 1000 && rounds >= 1)) throw new SetupError('usage: npm run bench [-- N [ROUNDS]], N from 1 to 1000');
  setUp();
  const { ensureSandbox, sandboxCommand } = await import('../dist/kernel/sandbox.js');
  await ensureSandbox();
  const inSandbox = (argv) => {
    const [file, ...args] = sandboxCommand(argv);
    const { status, stdout, stderr } = spawnSync(file, args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 2 ** 28 });
    if (status !== 0) throw new SetupError(`${argv.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
    return secondsOf(stdout);
  };
  const work = mkdtempSync(join(tmpdir(), 'netloom-bench-'));
  try {
    const file = join(work, 'star.yaml');
    writeFileSync(file, star(size));
    const contenders = { netloom: [process.execPath, join(ROOT, 'bench/star.mjs'), file] };
    if (existsSync(SHELL)) contenders.shell = ['bash', SHELL, `${size}`];
    const results = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const [name, argv] of Object.entries(contenders)) {
        const seconds = inSandbox(argv);
        results[name].push(seconds);
        console.error(`round ${round + 1}: ${name} ${PHASES.map((phase) => `${phase} ${seconds[phase].toFixed(2)} s`).join(', ')}`);
      }
    }
    report(size, results);
    return 0;
  } finally {
    rmSync(work, { recursive: true });
  }
});

/** `netloom watch`: see watch.mjs. */
async function watch(args) {
  setUp();
  const { ensureSandbox, sandboxCommand } = await import('../dist/kernel/sandbox.js');
  await ensureSandbox();
  const [file, ...argv] = sandboxCommand([process.execPath, join(ROOT, 'bench/watch.mjs'), ...args]);
  return spawnSync(file, argv, { cwd: ROOT, stdio: 'inherit' }).status ?? 1;
}

function star(size) {
  const range = `(${'0'.padStart(3, '0')}-${`${size - 1}`.padStart(3, '0')})`;
  return `version: 1
name: star
subnets: { star: { ipv4: 10.0.0.0/8 } }
bridges: { br0: { subnet: star } }
namespaces: { n${range}: {} }
links: [[n${range}:eth0, br0]]
`;
}

/** The last `up X read Y down Z` of what a contender printed. */
function secondsOf(text) {
  const match = [...text.matchAll(/\bup (\d+\.\d+) read (\d+\.\d+) down (\d+\.\d+)/g)].at(-1);
  if (!match) throw new SetupError(`no times in:\n${text}`);
  return Object.fromEntries(PHASES.map((phase, index) => [phase, Number(match[index + 1])]));
}

function report(size, results) {
  const median = (name, phase) =>
    results[name].map((seconds) => seconds[phase]).sort((a, b) => a - b)[Math.floor((results[name].length - 1) / 2)];
  const lines = PHASES.map((phase) => ({
    phase,
    netloom: median('netloom', phase),
    ...(results.shell ? { shell: median('shell', phase), ratio: median('netloom', phase) / median('shell', phase) } : {}),
  }));
  for (const { phase, netloom, shell, ratio } of lines) {
    const compared = shell === undefined ? '' : `, shell ${shell.toFixed(2)} s: ${ratio.toFixed(2)} times the shell`;
    console.log(`star of ${size}, ${phase}: netloom ${netloom.toFixed(2)} s${compared}`);
  }
  const folder = join(ROOT, 'bench', 'results');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `star-${size}.json`), `${JSON.stringify({ size, results, lines }, null, 2)}\n`);
}
