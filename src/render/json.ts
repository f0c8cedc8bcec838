import type { Blocker, Warning } from '../model/errors.ts';
import type { CheckResult, Inventory, Remark, Report } from '../model/report.ts';
import type { Change, Plan } from '../model/resource.ts';
import { afterOf, beforeOf } from './change/entry.ts';
import { objectsOf } from './objects.ts';
import { remarkOf } from './remark.ts';

/*
 * The documents of --json. Their field names bind (docs/commands.md): every field is always there, null where it has no value, so that
 * scripts need not ask. Fields may be added; `formatVersion` changes when one changes its meaning.
 */

export const FORMAT_VERSION = 1;

/** A document's text. C1 control characters, which JSON leaves as they are and terminals act on, are escaped too. */
export function renderJson(document: object): string {
  return JSON.stringify(document, null, 2).replace(
    /[\x7f-\x9f]/g,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

export interface TopologyRef {
  readonly name: string;
  readonly file?: string;
}

export const topologyJson = (topology: TopologyRef) => ({ name: topology.name, file: topology.file ?? null });

export const remarkJson = (remark: Remark) => ({
  code: remark.code,
  message: remark.message,
  hint: remark.hint ?? null,
  file: remark.file ?? null,
  line: remark.line ?? null,
  column: remark.column ?? null,
});

const warningJson = (warning: Blocker | Warning) => remarkJson(remarkOf(warning));

export const changeJson = (change: Change) => ({
  action: change.action,
  kind: change.kind,
  id: change.id,
  topology: change.topology,
  namespace: change.namespace,
  before: beforeOf(change) ?? null,
  after: afterOf(change) ?? null,
  fields: ('fields' in change ? change.fields : []).map(({ path, before, after }) => ({
    path,
    before: before ?? null,
    after: after ?? null,
  })),
  impact: change.impact,
  origin: change.origin ?? null,
});

/** Counts every change, folded or not: what the text's summary leaves out is in here. */
export function summaryJson(changes: readonly Change[]) {
  const count = (action: Change['action']): number => changes.filter((change) => change.action === action).length;
  return { create: count('create'), update: count('update'), replace: count('replace'), delete: count('delete') };
}

/** The body of `plan --json`, without errors. */
export function plansJson(plans: readonly Plan[]) {
  const changes = plans.flatMap((plan) => plan.changes);
  return {
    topologies: plans.map((plan) => topologyJson({ name: plan.topology, ...(plan.file === undefined ? {} : { file: plan.file }) })),
    changes: changes.map(changeJson),
    summary: summaryJson(changes),
    blockers: plans.flatMap((plan) => plan.blockers.map((blocker) => ({ topology: plan.topology, ...warningJson(blocker) }))),
  };
}

export const plansWarnings = (plans: readonly Plan[]): Remark[] => plans.flatMap((plan) => plan.warnings.map(remarkOf));

/** The body of `apply --json` and `destroy --json`, without errors. */
export function reportsJson(reports: readonly Report[]) {
  const plans = plansJson(reports.map((report) => report.plan));
  return {
    ...plans,
    topologies: plans.topologies.map((topology, index) => ({
      ...topology,
      status: reports[index]?.status ?? null,
      cause: reports[index]?.cause ?? null,
      ms: tenths(reports[index]?.ms ?? 0),
    })),
    outcomes: reports.flatMap(outcomesJson),
    remaining: reports.flatMap((report) => report.remaining.map(changeJson)),
  };
}

const outcomesJson = (report: Report) =>
  objectsOf(report).map(({ id, status, ms, error, because }) => ({
    id,
    status,
    ms: tenths(ms),
    ...(error === undefined ? {} : { error: error.message }),
    ...(because === undefined ? {} : { because }),
  }));

/** Milliseconds, to a tenth. */
const tenths = (ms: number): number => Math.round(ms * 10) / 10;

export const checkJson = (topology: string, result: CheckResult) => ({
  topology,
  from: result.from,
  to: result.to,
  address: result.address ?? null,
  probe: result.check.probe.kind,
  port: result.check.probe.kind === 'ping' ? null : result.check.probe.port,
  expected: result.expected,
  seen: result.seen,
  passed: result.passed,
  reason: result.reason ?? null,
  ms: tenths(result.ms),
  origin: result.check.origin,
});

/** The body of `show --json`, without errors. */
export function inventoryJson(inventory: Inventory) {
  return {
    topologies: inventory.topologies.map((topology) => ({
      ...topologyJson(topology),
      bridges: topology.bridges,
      namespaces: topology.namespaces.map((namespace) => ({
        name: namespace.name,
        path: namespace.path,
        attached: namespace.attached,
        shared: namespace.shared ?? null,
        interfaces: namespace.interfaces.map((one) => ({ ...one, peer: one.peer ?? null, bridge: one.bridge ?? null })),
        publish: namespace.publish.map((publish) => ({
          hostAddress: publish.hostAddress ?? null,
          hostPort: publish.hostPort,
          protocol: publish.protocol,
          port: publish.port,
          interface: publish.interface ?? null,
        })),
        routes: namespace.routes.map((route) => ({
          to: route.to,
          via: route.via ?? null,
          dev: route.dev ?? null,
          type: route.type,
          metric: route.metric ?? null,
        })),
      })),
    })),
    uplinks: inventory.uplinks,
    drift: inventory.drift.map(changeJson),
  };
}
