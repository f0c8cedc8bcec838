// Inside a sandbox: runs one contender's commands in turn and prints what each took, as one line of JSON. Its argument is the path of a list of
// steps: { phase, argv, until?: 'gone', usable?: a probe, times?: how often, memory?: false where the command is only a script that starts what
// works }. Not measured are { prepare: argv }, { argv, fetch }, and { serve: argv }: a program that prints a line when it is ready, and stays.
// { phase, tell } in place of argv gives it a line on its standard input, and is over with its next line.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

/** Of a process, dead or alive, with all that it has waited for: CPU time in ticks, and bytes that were read. Of this one its children's time alone. */
function spentBy(pid) {
  const fields = readIfThere(`/proc/${pid}/stat`)
    .replace(/^.*\) /s, '')
    .split(' ')
    .map(Number);
  const ticks = fields.slice(pid === 'self' ? 13 : 11, 15).reduce((sum, one) => sum + one, 0);
  return { ticks, bytesRead: Number(/^rchar: (\d+)$/m.exec(readIfThere(`/proc/${pid}/io`))?.[1] ?? 0) };
}

/** '' for a process that has ended. */
function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** CPU time, what was read, and how many tasks were started so far in this namespace of processes, which has no others than the contender's. */
function totals() {
  // This process is the first, and waits for none but its own children: others stay where they can be counted.
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const all = ['self', ...pids].map(spentBy);
  const sum = (field) => all.reduce((total, one) => total + one[field], 0);
  // In a namespace of processes of our own the last number given out counts the tasks: processes and their threads.
  const tasks = Number(readFileSync('/proc/loadavg', 'utf8').trim().split(' ').at(-1));
  return { cpuMs: sum('ticks') * 10, bytesRead: sum('bytesRead'), tasks };
}

/** Peak resident memory of a process in bytes; 0 once it has ended. */
function peakOf(pid) {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readIfThere(`/proc/${pid}/status`))?.[1] ?? 0) * 1024;
}

/** What it takes until what `begin` begins, in a process `pid`, is over. */
async function measure(begin, memory) {
  const before = totals();
  const start = performance.now();
  const { pid, over } = begin();
  let peakBytes = 0;
  const watch = setInterval(() => {
    if (memory) peakBytes = Math.max(peakBytes, peakOf(pid));
  }, 10);
  await over;
  const wallMs = performance.now() - start;
  clearInterval(watch);
  const after = totals();
  return {
    wallMs,
    cpuMs: after.cpuMs - before.cpuMs,
    peakBytes,
    bytesRead: after.bytesRead - before.bytesRead,
    tasks: after.tasks - before.tasks,
  };
}

/** The contender is to blame, not this program. */
class Failure extends Error {}

/** A process, and a promise of its end that becomes a Failure, with what it said on standard error, unless `expected` is its exit status. */
function launch(argv, input, output, expected) {
  const [file, ...args] = argv;
  const child = spawn(file, args, { stdio: [input, output, 'pipe'] });
  const said = [];
  child.stderr.on('data', (chunk) => said.push(chunk));
  const over = new Promise((done, fail) => {
    child.once('error', ({ message }) => fail(new Failure(message)));
    child.once('close', (code) => {
      if (code === expected) done();
      else fail(new Failure(`${argv.join(' ')} ended with ${code}:\n${Buffer.concat(said)}`));
    });
  });
  return { child, over };
}

function command(argv) {
  const { child, over } = launch(argv, 'ignore', 'ignore', 0);
  return { pid: child.pid, over };
}

/** Starts a program that stays, and waits for its first line. */
async function serve(argv) {
  const { child, over: ended } = launch(argv, 'pipe', 'pipe');
  // That it ends matters to whoever waits for a line of it.
  ended.catch(() => {});
  const lines = createInterface({ input: child.stdout });
  const answer = () => Promise.race([once(lines, 'line'), ended]);
  await answer();
  return (line) => {
    child.stdin.write(`${line}\n`);
    return { pid: child.pid, over: answer() };
  };
}

/** The kernel takes dead namespaces down in the background: waits until it idles (for a minute at most), as star.sh does. */
async function settle() {
  const look = () => {
    const [user, nice, system, idle, iowait, irq, softirq] = readFileSync('/proc/stat', 'utf8')
      .split('\n', 1)[0]
      .split(/\s+/)
      .slice(1)
      .map(Number);
    return { idle: idle + iowait, all: user + nice + system + idle + iowait + irq + softirq };
  };
  for (let turn = 0; turn < 120; turn += 1) {
    const before = look();
    await pause(500);
    const after = look();
    if (after.idle - before.idle >= 0.9 * (after.all - before.all)) return;
  }
}

/** Milliseconds until a probe answers, and how often it did not: 0 times where the lab is usable as soon as the command returns. */
function untilUsable(argv) {
  const start = performance.now();
  const [file, ...args] = argv;
  for (let failures = 0; ; failures += 1) {
    if (spawnSync(file, args, { stdio: 'ignore' }).status === 0) return { failures, ms: performance.now() - start };
    if (performance.now() - start > 60_000) return { failures, ms: null };
  }
}

async function take(steps) {
  const results = {};
  await settle();
  let tell;
  for (const { phase, argv, tell: line, until, usable, times = 1, memory = true, fetch, prepare, serve: service } of steps) {
    if (service) {
      tell = await serve(service);
      await settle();
      continue;
    }
    if (prepare) {
      await command(prepare).over;
      continue;
    }
    if (fetch) {
      const { status, stdout } = spawnSync(argv[0], argv.slice(1), { encoding: 'utf8', maxBuffer: 2 ** 28 });
      if (status !== 0) throw new Failure(`${argv.join(' ')} ended with ${status}`);
      writeFileSync(fetch.to, fetch.before + stdout);
      continue;
    }
    const start = performance.now();
    const taken = [];
    for (let turn = 0; turn < times; turn += 1) taken.push(await measure(() => (line ? tell(line) : command(argv)), memory));
    const middle = taken.toSorted((a, b) => a.wallMs - b.wallMs)[Math.trunc((times - 1) / 2)];
    if (until === 'gone') {
      await settle();
      results[phase] = { ...middle, goneMs: performance.now() - start };
    } else results[phase] = { ...middle, ...(usable ? { usable: untilUsable(usable) } : {}) };
  }
  return results;
}

if (!existsSync('/run/netns')) throw new Error('not in a sandbox');
try {
  console.log(JSON.stringify({ results: await take(JSON.parse(readFileSync(process.argv[2], 'utf8'))), load: loadavg()[0] }));
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
// The sandbox ends with this process, and what was started in it with the sandbox.
process.exit();
