import { expect, test } from 'vitest';
import { HostError, StepError } from '../../src/model/errors.ts';
import type { Outcome } from '../../src/model/operation.ts';
import type { Report } from '../../src/model/report.ts';
import { reportsJson } from '../../src/render/json.ts';
import { remarksOfError, remarksOfReport } from '../../src/render/remark.ts';
import { renderReport } from '../../src/render/report.ts';
import { PLAIN } from '../../src/render/style.ts';
import { bridge, created, describe, planOf } from './fixtures.ts';

const error = new StepError({ argv: ['ip', 'link'], namespace: 'host', exitCode: 2, stderr: 'RTNETLINK answers: File exists\nmore' });
const plan = planOf([created('namespace:web01', { usable: true }), created('bridge:br-web', bridge())]);

const outcome = (resource: Outcome['operation']['resource'], status: Outcome['status'], rest: Partial<Outcome> = {}): Outcome => ({
  operation: { resource, phase: 'create', rank: 0, step: { do: 'netns-add', name: 'x' } },
  status,
  ms: 3,
  ...rest,
});

const OUTCOMES = [
  outcome('namespace:web01', 'done'),
  outcome('namespace:web01', 'done', { ms: 5 }),
  outcome('bridge:br-web', 'failed', { error }),
  outcome('link:web01:eth0', 'skipped'),
];

const report = (status: Report['status'], rest: Partial<Report> = {}): Report => ({
  plan,
  status,
  outcomes: OUTCOMES,
  remaining: [],
  warnings: [],
  ms: 420,
  ...rest,
});

test('converging is one line', () => {
  expect(renderReport(report('converged', { outcomes: [] }), describe, PLAIN)).toBe('web-lab: done in 420 ms');
});

test("a failure says what failed, in the tool's words, and what state the host is in", () => {
  expect(renderReport(report('rolled-back'), describe, PLAIN)).toMatchInlineSnapshot(`
    "failed: bridge:br-web: ip exited 2: RTNETLINK answers: File exists
    web-lab: rolled back: the host is as it was before (1 object undone)"
  `);
});

test('what could not be rolled back is listed, with the way out', () => {
  const left = report('partial', { remaining: [created('namespace:web01', { usable: true })] });
  expect(renderReport(left, describe, PLAIN)).toMatchInlineSnapshot(`
    "failed: bridge:br-web: ip exited 2: RTNETLINK answers: File exists
    web-lab: not all could be rolled back (1 object done, 1 failed, 1 skipped); what is left, as changes that are still missing:
      + namespace web01
    run the same command again to converge, or \`netloom destroy web-lab\` to remove it"
  `);
});

test('outcomes are told by object: undone where a rollback took them back', () => {
  expect(reportsJson([report('rolled-back')]).outcomes).toEqual([
    { id: 'namespace:web01', status: 'undone', ms: 5 },
    { id: 'bridge:br-web', status: 'failed', ms: 3, error: 'ip exited 2: RTNETLINK answers: File exists' },
    { id: 'link:web01:eth0', status: 'skipped', ms: 3 },
  ]);
  const partial = report('partial', { remaining: [created('namespace:web01', {})] });
  expect(reportsJson([partial]).outcomes[0]).toMatchObject({ id: 'namespace:web01', status: 'done' });
});

test('what nobody foresaw says that it is our bug; an interruption is none', () => {
  expect(remarksOfError(new TypeError('x is undefined'))[0]).toMatchObject({
    code: 'E_BUG',
    message: 'this is a bug in netloom: x is undefined',
  });
  expect(remarksOfReport(report('rolled-back', { error: new Error('interrupted') }))).toEqual([
    { code: 'E_APPLY', message: 'interrupted' },
  ]);
  expect(remarksOfError(new HostError('E_TOOL_MISSING', 'ip is not there', 'install iproute2'))).toEqual([
    { code: 'E_TOOL_MISSING', message: 'ip is not there', hint: 'install iproute2' },
  ]);
});
