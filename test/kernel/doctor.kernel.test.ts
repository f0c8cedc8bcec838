import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { netloom } from '../support/command-line.ts';
import { hostState } from '../support/host-state.ts';
import { shell } from '../support/sandbox.ts';

const cwd = await mkdtemp(join(tmpdir(), 'netloom-doctor-'));

interface Told {
  readonly verdict: string;
  readonly subject: string;
  readonly code: string;
  readonly fix: string;
}

/** What is not right, with its fix. */
async function wrong(line = 'doctor --json'): Promise<{ code: number; told: string[] }> {
  const { code, stdout } = await netloom(line, cwd);
  const { findings } = JSON.parse(stdout) as { findings: Told[] };
  return {
    code,
    told: findings
      .filter(({ verdict }) => verdict !== 'ok')
      .map(({ verdict, subject, code, fix }) => `${verdict} ${subject} ${code}: ${fix}`),
  };
}

test('doctor: an empty host is ready, and is as before afterwards', async () => {
  const before = await hostState();
  expect(await wrong()).toEqual({ code: 0, told: [] });
  expect(await hostState()).toEqual(before);
  const { stdout } = await netloom('doctor', cwd);
  expect(stdout).toContain('nftables as our tables use it  tried on a throw-away host');
  expect(stdout.trimEnd().endsWith('ready')).toBe(true);
});

test('doctor: each thing in the way is named with a command that mends it', async () => {
  await shell(`
    nft 'add table ip filter; add chain ip filter FORWARD { type filter hook forward priority 0; policy drop; }'
    chmod 777 /etc/netns
    mkdir -p /etc/netns/w1; echo '# netloom:shop hosts of w1' >/etc/netns/w1/hosts; : >/run/netns/w1
    echo 1 >/proc/sys/net/ipv4/conf/all/rp_filter
  `);
  const { code, told } = await wrong();
  expect(code).toBe(1);
  expect(told).toEqual([
    'failed /etc/netns E_DIRECTORY: chmod o-w /etc/netns',
    'failed every topology E_FORWARD_DROPPED: let it through: iptables -I FORWARD -i BRIDGE -j ACCEPT && iptables -I FORWARD -o BRIDGE -j ACCEPT',
    'warning rp_filter W_RP_FILTER: where you need that: sysctl -w net.ipv4.conf.all.rp_filter=2',
    'warning w1 W_LEFTOVER: netloom destroy shop',
  ]);
  // The fixes fix.
  await shell('chmod o-w /etc/netns; sysctl -qw net.ipv4.conf.all.rp_filter=2; nft delete table ip filter');
  expect((await netloom('destroy shop --yes', cwd)).code).toBe(0);
  expect(await wrong()).toEqual({ code: 0, told: [] });
});

test('doctor: with a topology, what is in the way of just that is told', async () => {
  await shell('ip link add br-lab type bridge');
  await shell(`printf 'version: 1\\nname: lab\\nbridges: { br-lab: {} }\\n' >${cwd}/lab.yaml`);
  expect(await wrong('doctor lab.yaml --json')).toEqual({
    code: 1,
    told: ['failed lab E_NAME_TAKEN: rename the bridge in the file, or take it over with --adopt'],
  });
  await shell('ip link del br-lab');
  expect((await netloom('doctor lab.yaml -q', cwd)).stdout).toBe('ready\n');
  expect((await netloom('doctor nope.yaml', cwd)).code).toBe(1);
});
