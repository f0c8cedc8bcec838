import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { askNeighbour, askRoute } from '../../src/kernel/trace/ask.ts';
import { deviceNames, failure, SWEEP, settle } from '../../src/kernel/trace/observer.ts';
import { createSight } from '../../src/kernel/trace/sight.ts';
import { traceTables } from '../../src/kernel/trace/tables.ts';
import { TRACE_TABLE } from '../../src/model/marks.ts';
import type { Flow } from '../../src/model/trace.ts';

const ECHO: Flow = {
  namespace: 'web01',
  family: 'ipv4',
  protocol: 'icmp',
  source: '10.9.0.1',
  sourcePort: 4711,
  destination: '10.9.0.2',
  timeoutMs: 1000,
};
const line = (id: number): string =>
  `trace id ca8ce513 netdev netloom-trace_1 ingress packet: iif "p-a" ip saddr 10.9.0.1 ip daddr 10.9.0.2 icmp type 8 icmp code 0 icmp id ${id}`;

describe('what is waited for', () => {
  const busy = { drained: () => false, lastHeard: () => performance.now() };

  test('comes to an end although somebody else traces everything', async () => {
    await expect(settle([busy], undefined, 5)).resolves.toBeUndefined();
  });

  test('is waited for no longer once it is called off', async () => {
    const off = new AbortController();
    const waiting = settle([busy], off.signal, Number.POSITIVE_INFINITY);
    off.abort(new Error('called off'));
    await expect(waiting).rejects.toThrow('called off');
  });
});

test('other people’s packets tell nothing of the flow, and a loop’s are kept up to a number', () => {
  const sight = createSight(ECHO, 2);
  expect([line(1), line(4711), line(1), line(4711), line(4711)].map(sight.take)).toEqual([false, true, false, true, false]);
  expect(sight.events.map(({ namespace }) => namespace)).toEqual(['web01', 'web01']);
});

test('of the tables that are there, those of helpers that have gone are taken away, and no name becomes a program of nft', () => {
  const tables = [
    'table inet netloom-trace_999999999',
    'table netdev netloom-trace_999999999',
    'table inet netloom-trace_1; flush ruleset',
    'table inet netloom-trace_999999998;',
    'table inet netloom-trace_',
    'table inet netloom-trace_12x',
    'table inet xnetloom-trace_999999999',
    'table ip netloom-trace_999999999',
    'x ;flush;# netloom-trace_999999999',
    'table inet netloom-lab',
    'table inet *',
  ];
  // The function stands for nft: it lists, and says what it would be asked for.
  const program = `nft() { if [ "$1" = list ]; then printf '%s\\n' "$TABLES"; else echo "$*"; fi; }\nset -f\n${SWEEP}`;
  const asked = execFileSync('sh', ['-c', program, 'sh', '', '', TRACE_TABLE], {
    encoding: 'utf8',
    env: { ...process.env, TABLES: tables.join('\n') },
  });
  expect(asked.trim().split('\n')).toEqual(['delete table inet netloom-trace_999999999', 'delete table netdev netloom-trace_999999999']);
});

describe('interfaces of others', () => {
  test('with names that netloom would not give are looked at, but for those that could mean something to nft', () => {
    const tables = traceTables([ECHO], ['eth0', 'x+y', 'a"b', 'all*', 'a\\b', 'a;b', 'ä']);
    expect(tables).toContain('devices = { "eth0", "x+y" }');
  });

  test('are not asked about: that is said with the place, and is no fault of netloom', async () => {
    const run = () => Promise.reject(new Error('no program is started'));
    const refused = expect.objectContaining({ code: 'E_TRACE', message: expect.stringMatching(/"x\+y" of web01/) });
    await expect(askNeighbour(run, 'web01', 'x+y', '10.0.0.1')).rejects.toEqual(refused);
    await expect(askRoute(run, { namespace: 'web01', destination: '10.0.0.1', incoming: 'x+y' })).rejects.toEqual(refused);
  });

  test('that vanish are told from a kernel that cannot look at any', () => {
    const complaint = 'Error: Could not process rule: No such file or directory';
    expect(failure('web01', complaint, true)).toMatchObject({ code: 'E_TRACE', hint: expect.stringContaining('try again') });
    expect(failure('web01', complaint, false)).toMatchObject({ code: 'E_TRACE', hint: expect.stringContaining('Linux 5.16') });
  });

  test('are listed by /proc/net/dev', () => {
    const text = 'Inter-|   Receive  |  Transmit\n face |bytes    packets|bytes\n    lo:       0       0\nweb01-eth0: 12 3\n  x+y:1 2\n';
    expect(deviceNames(text)).toEqual(['lo', 'web01-eth0', 'x+y']);
  });
});
