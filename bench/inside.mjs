// Inside a sandbox: runs one contender's commands in turn and prints what each took, as one line of JSON. Its argument is the path of a list of
// steps: { phase, argv, until?: 'gone', usable?: a probe, times?: how often }, or { argv, fetch } for what is not measured.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

/** CPU time, what was read, and how many tasks were started so far: by this process and all that it has waited for. */
function totals() {
  const fields = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
    .map(Number);
  const [userTicks, systemTicks] = [fields[13], fields[14]];
  const bytesRead = Number(/^rchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1] ?? 0);
  // In a namespace of processes of our own the last number given out counts the tasks: processes and their threads.
  const tasks = Number(readFileSync('/proc/loadavg', 'utf8').trim().split(' ').at(-1));
  return { cpuMs: (userTicks + systemTicks) * 10, bytesRead, tasks };
}

/** Peak resident memory of a process in bytes; 0 once it has ended. */
function peakOf(pid) {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

async function measure(argv) {
  const before = totals();
  const start = performance.now();
  const [file, ...args] = argv;
  const child = spawn(file, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const said = [];
  child.stderr.on('data', (chunk) => said.push(chunk));
  let peakBytes = 0;
  const watch = setInterval(() => {
    peakBytes = Math.max(peakBytes, peakOf(child.pid));
  }, 10);
  const code = await new Promise((done, fail) => child.once('error', fail).once('close', done));
  const wallMs = performance.now() - start;
  clearInterval(watch);
  if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${code}:\n${Buffer.concat(said)}`);
  const after = totals();
  return {
    wallMs,
    cpuMs: after.cpuMs - before.cpuMs,
    peakBytes,
    bytesRead: after.bytesRead - before.bytesRead,
    tasks: after.tasks - before.tasks,
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

const steps = JSON.parse(readFileSync(process.argv[2], 'utf8'));
if (!existsSync('/run/netns')) throw new Error('not in a sandbox');
const results = {};
await settle();
for (const { phase, argv, until, usable, times = 1, fetch } of steps) {
  if (fetch) {
    const { status, stdout } = spawnSync(argv[0], argv.slice(1), { encoding: 'utf8', maxBuffer: 2 ** 28 });
    if (status !== 0) throw new Error(`${argv.join(' ')} ended with ${status}`);
    writeFileSync(fetch.to, fetch.before + stdout);
    continue;
  }
  const start = performance.now();
  const taken = [];
  for (let turn = 0; turn < times; turn += 1) taken.push(await measure(argv));
  const middle = taken.toSorted((a, b) => a.wallMs - b.wallMs)[Math.trunc((times - 1) / 2)];
  if (until === 'gone') {
    await settle();
    results[phase] = { ...middle, goneMs: performance.now() - start };
  } else results[phase] = { ...middle, ...(usable ? { usable: untilUsable(usable) } : {}) };
}
console.log(JSON.stringify({ results, load: loadavg()[0] }));
