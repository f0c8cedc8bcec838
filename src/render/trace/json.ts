import type { Cause, Hop, RuleRef, Trace } from '../../model/trace.ts';
import { sayCause } from './words.ts';

/** The body of `trace --json`, without errors. */
export function traceJson(trace: Trace) {
  const { request, flow, sent, arrives, reached, hops, cause, full, notes, ms } = trace;
  const said = cause && sayCause(cause, trace);
  return {
    from: request.from,
    to: request.to,
    protocol: request.protocol,
    port: request.port ?? null,
    family: flow.family,
    source: { namespace: flow.namespace, address: flow.source, port: request.protocol === 'icmp' ? null : (flow.sourcePort ?? null) },
    destination: { address: flow.destination, port: flow.destinationPort ?? null },
    sent,
    arrives,
    reached: reached ?? null,
    hops: hops.map(hopJson),
    cause: cause === undefined || said === undefined ? null : { ...causeJson(cause), message: said.what, hint: said.cure },
    fullSize: full === undefined ? null : { size: full.size, passes: full.passes, told: full.told ?? null },
    notes,
    ms: Math.round(ms * 10) / 10,
  };
}

const ruleJson = (rule: RuleRef | undefined) =>
  rule === undefined
    ? null
    : {
        family: rule.family,
        table: rule.table,
        chain: rule.chain,
        rule: rule.rule ?? null,
        handle: rule.handle ?? null,
        legacy: rule.legacy ?? false,
        owner: rule.owner ?? null,
        topology: rule.topology ?? null,
      };

const hopJson = (hop: Hop) => ('by' in hop || hop.kind === 'rewrite' ? { ...hop, by: ruleJson(hop.by) } : hop);

const causeJson = (cause: Cause) => ('by' in cause ? { ...cause, by: ruleJson(cause.by) } : cause);
