// `npm run bench`: netloom beside what else does the same, in turns, each on a throw-away host of its own. See docs/performance.md.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { main, ROOT, SetupError, setUp } from '../scripts/setup.mjs';
import { contenders } from './contenders.mjs';
import { writePage } from './page.mjs';
import { aligned, mustHoldRows, resultRows } from './report.mjs';
import { CASES } from './suite.mjs';

const USAGE = `usage: npm run bench [-- OPTIONS]
       npm run bench -- watch [ROUNDS [IDLE SECONDS]]   how fast \`netloom watch\` is

  --case NAME[,NAME…]  only these of ${CASES.map(({ name }) => name).join(' ')}
  --rounds N           rounds of each case, in place of its own number
  --quick              the cases that take little time, one round each
  --json FILE          where the results go (bench/results/bench.json)
  --docs               write the results and their plot into docs/ as well
  -h, --help           this text

star.sh and floor.c are looked for in $NETLOOM_BENCH_BASELINES, else in ../shared/bench. Mininet, the CNI plugins, Docker and ifupdown2 take part
where they are installed: on Debian mininet and bridge-utils, containernetworking-plugins, and as root docker.io with busybox-static, and
ifupdown2.`;

/** A contender that hangs (ifupdown2 3.0.0 does now and then) must not keep the others from their turn. */
const LIMIT_MS = 10 * 60_000;

class HungError extends SetupError {}

await main(async () => {
  if (process.argv[2] === 'watch') return watch(process.argv.slice(3));
  const options = optionsOf(process.argv.slice(2));
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  setUp();
  const { ensureSandbox, sandboxCommand } = await import('../dist/kernel/sandbox.js');
  await ensureSandbox();
  const work = mkdtempSync(join(tmpdir(), 'netloom-bench-'));
  try {
    const { missing: absent, tools } = contenders(work);
    for (const [name, why] of Object.entries(absent)) if (why !== undefined) console.error(`${name}: ${why}`);
    const failures = [];
    const context = {
      absent,
      failures,
      sandboxCommand,
      work,
      tools: { ...tools, root: ROOT, node: process.execPath, netloom: [process.execPath, join(ROOT, 'bin', 'netloom.js')] },
    };
    const results = {};
    for (const one of options.cases) results[one.name] = runCase(one, options.rounds ?? (options.quick ? 1 : one.rounds), context);
    const document = { machine: machine(), absent, failures, results };
    mkdirSync(join(ROOT, 'bench', 'results'), { recursive: true });
    writeFileSync(options.json, `${JSON.stringify(document, null, 2)}\n`);
    console.log(`${aligned(resultRows(results))}\n\n${aligned(mustHoldRows(results))}\n\nwritten to ${options.json}`);
    if (options.docs) writePage(document);
    return 0;
  } finally {
    rmSync(work, { recursive: true });
  }
});

function optionsOf(args) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        case: { type: 'string' },
        rounds: { type: 'string' },
        quick: { type: 'boolean', default: false },
        json: { type: 'string', default: join(ROOT, 'bench', 'results', 'bench.json') },
        docs: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const names = values.case?.split(',');
    const unknown = names?.find((name) => !CASES.some((one) => one.name === name));
    if (unknown !== undefined) throw new Error(`there is no case ${unknown}`);
    const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
    if (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0)) throw new Error('--rounds takes a whole number from 1');
    const cases = CASES.filter(({ name, quick }) => (names ? names.includes(name) : quick || !values.quick));
    return { ...values, rounds, cases };
  } catch (error) {
    throw new SetupError(`${error.message}\n\n${USAGE}`);
  }
}

/** What each contender took in each round: contenders take turns, so that all meet the machine's moods. */
function runCase({ name, text, contenders: all }, rounds, context) {
  console.error(`\n${name}: ${text}`);
  const taking = Object.entries(all).filter(([contender]) => context.absent[contender] === undefined);
  const results = Object.fromEntries(taking.map(([contender]) => [contender, []]));
  let files = 0;
  const write = (content) => {
    files += 1;
    const path = join(context.work, `${name}-${files}.yaml`);
    writeFileSync(path, content);
    return path;
  };
  const hung = new Set();
  for (let round = 0; round < rounds; round += 1) {
    for (const [contender, plan] of taking.filter(([contender]) => !hung.has(contender))) {
      const phases = attempt(
        contender,
        () => runOnce(plan(context.tools, write), context, write),
        (why, error) => {
          context.failures.push({ case: name, contender, round: round + 1, why });
          if (error instanceof HungError) hung.add(contender);
        },
      );
      results[contender].push(phases);
      const shown = Object.entries(phases).map(([phase, { wallMs }]) => `${phase} ${(wallMs / 1000).toFixed(2)} s`);
      console.error(`  round ${round + 1} of ${rounds}, ${contender}: ${shown.join(', ')}`);
    }
  }
  return results;
}

/** netloom must not fail; a rival that does (star.sh, where the machine does not idle for a minute) is left out of this round, and one that hangs of the rest. */
function attempt(contender, work, fail) {
  try {
    return work();
  } catch (error) {
    if (contender === 'netloom' || !(error instanceof SetupError)) throw error;
    const why = error.message.trim();
    console.error(`  ${contender} does not count in this round: ${why}`);
    fail(why, error);
    return {};
  }
}

/** One contender, once, in a sandbox with processes of its own to count. */
function runOnce({ steps, argv, reads, cleanUp }, { sandboxCommand, tools }, write) {
  const command = steps ? [tools.node, join(ROOT, 'bench', 'inside.mjs'), write(JSON.stringify(steps))] : argv;
  const [file, ...args] = sandboxCommand(['unshare', '--pid', '--fork', '--kill-child', '--mount-proc', '--', ...command]);
  const options = { cwd: ROOT, encoding: 'utf8', maxBuffer: 2 ** 28, timeout: LIMIT_MS, killSignal: 'SIGKILL' };
  const { status, stdout, stderr, error } = spawnSync(file, args, options);
  cleanUp?.();
  if (error?.code === 'ETIMEDOUT') throw new HungError(`${command.join(' ')} was not over after ${LIMIT_MS / 60_000} minutes:\n${stderr}`);
  if (status !== 0) throw new SetupError(steps && stderr ? stderr : `${command.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
  if (steps) return JSON.parse(stdout.trim().split('\n').at(-1)).results;
  const match = reads.pattern.exec(stdout);
  if (!match) throw new SetupError(`no times in what ${command.join(' ')} printed:\n${stdout}`);
  return Object.fromEntries(reads.phases.map((phase, index) => [phase, { wallMs: Number(match[index + 1]) * 1000 }]));
}

function machine() {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const [cpu] = cpus();
  return {
    netloom: version,
    node: process.versions.node,
    kernel: release(),
    cpus: cpus().length,
    cpu: cpu?.model ?? 'unknown',
    memoryGb: Math.round(totalmem() / 1e9),
    date: new Date().toISOString().slice(0, 10),
  };
}

/** `netloom watch`: see watch.mjs. */
async function watch(args) {
  setUp();
  const { ensureSandbox, sandboxCommand } = await import('../dist/kernel/sandbox.js');
  await ensureSandbox();
  const [file, ...argv] = sandboxCommand([process.execPath, join(ROOT, 'bench/watch.mjs'), ...args]);
  return spawnSync(file, argv, { cwd: ROOT, stdio: 'inherit' }).status ?? 1;
}
