import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { TOPOLOGIES } from '../../bench/cases.mjs';
import { cniNetwork, interfaces } from '../../bench/peers/inputs.mjs';
import { CASES, type Step } from '../../bench/suite.mjs';
import { loadTopology } from '../../src/topology/load.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const PEERS = ['cni', 'docker', 'ifupdown2', 'mininet'];
const tools = { root: ROOT, netloom: ['netloom'], python: 'python3', plugins: '/opt/cni/bin', baseline: (name: string) => name };

/** The steps of a contender, and the files that it writes. */
function planOf(contender: string, name: string): { steps: readonly Step[]; files: string[] } {
  const files: string[] = [];
  const plan = CASES.find((one) => one.name === name)?.contenders[contender]?.(tools, (content) => {
    files.push(content);
    return `file-${files.length}`;
  });
  return { steps: plan?.steps ?? [], files };
}

describe('the CNI plugin', () => {
  test('is told of a bridge that is the gateway of what host-local leases', () => {
    expect(JSON.parse(cniNetwork('/leases'))).toEqual({
      cniVersion: '1.0.0',
      name: 'star',
      type: 'bridge',
      bridge: 'cni0',
      isGateway: true,
      ipMasq: false,
      ipam: { type: 'host-local', dataDir: '/leases', ranges: [[{ subnet: '10.0.0.0/8' }]], routes: [{ dst: '0.0.0.0/0' }] },
    });
  });
});

describe('ifupdown2', () => {
  test('is told of both ends of each veth, and then of each bridge with its port and address', () => {
    expect(interfaces(1)).toBe(`auto v0
iface v0
    link-type veth
    veth-peer-name p0

auto p0
iface p0
    link-type veth
    veth-peer-name v0

auto br0
iface br0
    bridge-ports v0
    address 10.0.0.1/24
`);
  });

  test('is told of one MTU more by the edit', () => {
    const [before, after] = [interfaces(3).split('\n'), interfaces(3, true).split('\n')];
    expect(after.filter((line) => !before.includes(line))).toEqual(['    mtu 1400']);
    expect(after).toHaveLength(before.length + 1);
  });

  test('has as many bridges of the same names and addresses as netloom has', () => {
    const own = loadTopology(TOPOLOGIES.bridges(200), 'lab.yaml').bridges.map(({ name, addresses }) => [name, ...addresses]);
    const addresses = [...interfaces(200).matchAll(/^iface (br\d+)\n.*\n {4}address (\S+)$/gm)].map(([, name, address]) => [name, address]);
    expect(addresses).toHaveLength(200);
    expect(own).toEqual(addresses);
  });
});

describe('every peer', () => {
  const taking = CASES.flatMap(({ name, contenders }) => PEERS.filter((peer) => peer in contenders).map((peer) => [peer, name] as const));

  test('takes part somewhere, beside netloom', () => {
    expect([...new Set(taking.map(([peer]) => peer))].sort()).toEqual(PEERS);
    for (const [, name] of taking) expect(planOf('netloom', name).steps).not.toHaveLength(0);
  });

  test.each(taking)(
    '%s in %s: starts only scripts that there are, goes through phases that netloom goes through, and cleans up',
    (peer, name) => {
      const { steps, files } = planOf(peer, name);
      const argvs = steps.flatMap(({ argv, prepare, serve }) => [argv, prepare, serve].flatMap((one) => (one ? [one] : [])));
      for (const path of argvs.flat().filter((argument) => argument.startsWith(ROOT))) expect(existsSync(path), path).toBe(true);
      const named = argvs.flat().filter((argument) => /^file-\d+$/.test(argument));
      expect(new Set(named).size).toBe(files.length);
      const phases = steps.flatMap(({ phase }) => (phase ? [phase] : []));
      const own = planOf('netloom', name).steps.map(({ phase }) => phase);
      expect(phases.filter((phase) => !own.includes(phase))).toEqual([]);
      expect(steps.at(-1)).toMatchObject({ phase: 'destroy', until: 'gone' });
    },
  );
});

test('cni.sh calls the plugin once for each namespace, as the specification has it, and fails when one call does', () => {
  const folder = mkdtempSync(join(tmpdir(), 'netloom-cni-'));
  try {
    // In place of the plugin, of ip and of /run: a plugin notes what it was told.
    const told = `echo "$CNI_COMMAND $CNI_CONTAINERID $CNI_NETNS $CNI_IFNAME $CNI_PATH $(cat)" >>${folder}/calls\necho '{"ips":[]}'\n`;
    writeFileSync(join(folder, 'bridge'), `#!/bin/sh\n${told}[ "$CNI_CONTAINERID" != "$FAILING" ]\n`, { mode: 0o755 });
    writeFileSync(join(folder, 'ip'), `#!/bin/sh\necho "ip $* $([ "$2" = - ] && tr '\\n' ';')" >>${folder}/ip-calls\n`, { mode: 0o755 });
    writeFileSync(join(folder, 'network'), cniNetwork('/leases'));
    const cni = (action: string, failing = '') =>
      execFileSync('bash', [join(ROOT, 'bench/peers/cni.sh'), action, folder, join(folder, 'network'), '6'], {
        env: { ...process.env, PATH: `${folder}:${process.env.PATH}`, NETLOOM_BENCH_CNI_STATE: join(folder, 'state'), FAILING: failing },
        stdio: 'pipe',
      });
    cni('up');
    expect(readdirSync(join(folder, 'state')).sort()).toEqual(['n0', 'n1', 'n2', 'n3', 'n4', 'n5']);
    expect(() => cni('check', 'n2')).toThrow();
    cni('add');
    cni('down');
    const calls = execFileSync('sort', [join(folder, 'calls')], { encoding: 'utf8' })
      .trim()
      .split('\n');
    const network = cniNetwork('/leases');
    const withResult = `${network.slice(0, -1)},"prevResult":{"ips":[]}}`;
    const line = (command: string, name: string, config: string) => `${command} ${name} /run/netns/${name} eth0 ${folder} ${config}`;
    const names = ['n0', 'n1', 'n2', 'n3', 'n4', 'n5', 'n6'];
    expect(calls).toEqual(
      [
        ...names.map((name) => line('ADD', name, network)),
        ...names.slice(0, 6).map((name) => line('CHECK', name, withResult)),
        ...names.map((name) => line('DEL', name, withResult)),
      ].sort(),
    );
    expect(execFileSync('cat', [join(folder, 'ip-calls')], { encoding: 'utf8' }).split('\n')).toEqual([
      'ip -batch - netns add n0;netns add n1;netns add n2;netns add n3;netns add n4;netns add n5;',
      'ip netns add n6 ',
      `ip -batch - ${names.map((name) => `netns del ${name};`).join('')}`,
      'ip link del cni0 ',
      '',
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
