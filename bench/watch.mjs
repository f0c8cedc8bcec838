// `npm run bench -- watch [ROUNDS]`: how long `netloom watch` takes from an edit, or from a change behind its back, to the line that says that
// the host is as it should be again, and what it costs when nothing happens. Runs in a sandbox of its own.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../bin/netloom.js', import.meta.url));
const rounds = Number(process.argv[2] ?? 100);
const idleSeconds = Number(process.argv[3] ?? 60);

const text = (mtu) => `version: 1
name: bench
subnets: { web: { ipv4: 172.30.1.0/24, ipv6: "fd00:30:1::/64" } }
bridges: { br-web: { subnet: web, mtu: ${mtu} } }
namespaces: { a: { publish: ["8080:80"], sysctls: { net.core.somaxconn: 1024 } }, b: }
links: [[a:eth0, br-web], [b:eth0, br-web]]
`;

/** What somebody does behind its back; most of them in other namespaces than the watch's own. */
const DRIFTS = {
  "a bridge's MTU": 'ip link set br-web mtu 1400',
  'a veth deleted': 'ip link del a-eth0',
  'an address flushed inside': 'ip -n b addr flush dev eth0',
  'a namespace deleted': 'ip netns del b',
  'nft flush ruleset': 'nft flush ruleset',
  'a bridge set down': 'ip link set br-web down',
  'a route deleted': 'ip -n b route del default',
  forwarding: 'sysctl -qw net.ipv4.ip_forward=0',
  'a file in /etc/netns': 'rm /etc/netns/a/hosts',
  'a declared sysctl': 'ip netns exec a sysctl -qw net.core.somaxconn=99',
};

const folder = mkdtempSync(join(tmpdir(), 'netloom-bench-'));
const file = join(folder, 'lab.yaml');
writeFileSync(file, text(1500));
const child = spawn(process.execPath, [program, 'watch', '--json', '--resync', '0', file], { stdio: ['ignore', 'pipe', 'inherit'] });
let heard = () => {};
createInterface({ input: child.stdout }).on('line', (line) => heard(JSON.parse(line)));
const next = (event) =>
  new Promise((done) => {
    heard = (said) => said.event === event && done(said);
  });

/** Milliseconds from the end of `act` to the event that says that all is well again. */
async function time(act) {
  const converged = next('converged');
  act();
  const start = performance.now();
  await converged;
  return performance.now() - start;
}

let mtu = 1500;
const edit = () => {
  mtu = mtu === 1500 ? 1450 : 1500;
  writeFileSync(join(folder, '.new'), text(mtu));
  renameSync(join(folder, '.new'), file);
};

const sh = (script) => {
  const { status, stderr } = spawnSync('sh', ['-ec', script], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${script}: ${stderr}`);
};
const rest = (ms) => new Promise((done) => setTimeout(done, ms));

try {
  await next('watching');
  await rest(1500);
  const cases = {
    'an edited file': edit,
    ...Object.fromEntries(Object.entries(DRIFTS).map(([name, script]) => [name, () => sh(script)])),
  };
  const results = {};
  for (const [name, act] of Object.entries(cases)) {
    // What is looked at in turn takes seconds; and one object repaired too often counts as contested until a file changes.
    const count = name === 'a declared sysctl' ? Math.min(rounds, 10) : rounds;
    results[name] = [];
    for (let round = 0; round < count; round += 1) {
      results[name].push(await time(act));
      if (round % 3 === 2) await time(edit);
      await rest(700);
    }
    const sorted = results[name].toSorted((a, b) => a - b);
    const at = (share) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]);
    console.log(
      `${name.padEnd(28)} median ${String(at(0.5)).padStart(5)} ms   p95 ${String(at(0.95)).padStart(5)} ms   most ${String(at(1)).padStart(5)} ms   of ${count}`,
    );
  }
  const cpu = () =>
    readFileSync(`/proc/${child.pid}/stat`, 'utf8')
      .split(') ')[1]
      .split(' ')
      .slice(11, 15)
      .reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
  const before = cpu();
  await rest(idleSeconds * 1000);
  const share = ((cpu() - before) / idleSeconds) * 100;
  const rss = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]) / 1024;
  console.log(`idle for ${idleSeconds} s: ${share.toFixed(2)}% of a core, ${Math.round(rss)} MB resident`);
} finally {
  child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
}
