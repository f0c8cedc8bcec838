import { expect, test } from 'vitest';
import type { CheckResult } from '../../src/model/report.ts';
import type { Check } from '../../src/model/topology.ts';
import { renderChecks, renderChecksSummary } from '../../src/render/checks.ts';
import { PLAIN } from '../../src/render/style.ts';
import { ASCII, VERBOSE } from './fixtures.ts';

const check = (line: number, rest: Partial<Check> = {}): Check => ({
  from: ['web01'],
  to: ['web02'],
  probe: { kind: 'ping' },
  expect: 'reachable',
  timeoutMs: 2000,
  serve: true,
  origin: { file: 'lab.yaml', line, column: 5 },
  ...rest,
});

const result = (of: Check, from: string, to: string, rest: Partial<CheckResult> = {}): CheckResult => ({
  check: of,
  from,
  to,
  address: '172.30.1.3',
  expected: of.expect,
  seen: of.expect,
  passed: true,
  ms: 1.2,
  ...rest,
});

const ping = check(40);
const database = check(41, { probe: { kind: 'tcp', port: 5432 }, expect: 'unreachable' });
const many = check(42, { probe: { kind: 'tcp', port: 80 } });
const RESULTS = [
  result(ping, 'web01', 'web02'),
  result(database, 'pc01', 'db01', { seen: 'reachable', passed: false }),
  ...Array.from({ length: 20 }, (_, index) => result(many, `pc${index + 1}`, 'web01')),
  result(many, 'pc21', 'web01', { seen: 'unreachable', passed: false, reason: 'no route' }),
];

test('a check that held is a line, a probe that failed says where it is written', () => {
  expect(`${renderChecks(RESULTS, PLAIN)}\n${renderChecksSummary(RESULTS, PLAIN)}`).toMatchInlineSnapshot(`
    "  ✓ web01 → web02 (172.30.1.3)  ping      reachable
      ✗ pc01 → db01 (172.30.1.3)    tcp 5432  expected unreachable, was reachable  lab.yaml:41:5
      ✓ pc1…pc20 → web01            tcp 80    reachable, 20 probes
      ✗ pc21 → web01 (172.30.1.3)   tcp 80    expected reachable, was unreachable: no route  lab.yaml:42:5
    21 probes passed, 2 failed"
  `);
});

test('-q leaves what failed, in ASCII under a C locale', () => {
  expect(renderChecks(RESULTS, ASCII, true)).toMatchInlineSnapshot(`
    "  FAIL pc01 -> db01 (172.30.1.3)   tcp 5432  expected unreachable, was reachable  lab.yaml:41:5
      FAIL pc21 -> web01 (172.30.1.3)  tcp 80    expected reachable, was unreachable: no route  lab.yaml:42:5"
  `);
});

test('-v gives every probe a line', () => {
  expect(renderChecks(RESULTS, VERBOSE).split('\n')).toHaveLength(RESULTS.length);
});

test('a probe that arrived under another address says so, not that it arrived', () => {
  const reason = 'the server saw 172.30.1.1, not 172.30.1.2';
  const translated = result(check(43, { probe: { kind: 'tcp', port: 80 }, source: '172.30.1.2' }), 'pc01', 'web01', {
    passed: false,
    reason,
  });
  expect(renderChecks([translated], PLAIN)).toBe(
    '  ✗ pc01 → web01 (172.30.1.3)  tcp 80  reachable, but the server saw 172.30.1.1, not 172.30.1.2  lab.yaml:43:5',
  );
});
