import equal from 'fast-deep-equal';
import type { Warning } from '../../model/errors.ts';
import { ALL, type Direction, type FlowRule } from '../../model/flow.ts';
import { FAMILIES, type Family } from '../../model/ip.ts';
import type { Step } from '../../model/operation.ts';
import type { Change, Sides, View } from '../../model/resource.ts';
import { HOST } from '../../model/topology.ts';
import { withoutConntrack } from '../../model/warnings.ts';
import { flowRules } from './flows.ts';
import type { TableSpec } from './spec.ts';

/**
 * Connections that stand are let through whatever they are, so those that the rules let in before and would not any more are to be
 * forgotten. None where the rules became no stricter, or nothing can have been forwarded: no route leads to a bridge yet.
 */
export function letInBefore(change: Change<TableSpec>, view: View): Step[] {
  if (change.namespace !== HOST || change.action === 'delete') return [];
  const were = change.action === 'create' ? [] : flowRules(change.before);
  const are = flowRules(change.after);
  if (!isStricter(were, are)) return [];
  return FAMILIES.flatMap((family): Step[] => {
    const directions = directionsOf([...were, ...are], family, view);
    return directions.length === 0 ? [] : [{ do: 'conntrack-cut', namespace: HOST, family, were, are, directions }];
  });
}

/** That somebody may pass by a rule who might not before matters to no connection that stands; nor does an accept with no drop behind it. */
const isStricter = (were: readonly FlowRule[], are: readonly FlowRule[]): boolean => {
  const drops = are.filter(({ verdict }) => verdict === 'drop');
  return (
    were.some((rule) => rule.verdict === 'accept' && !has(are, rule) && drops.some((drop) => equal(drop.outgoing, rule.outgoing))) ||
    drops.some((drop) => !has(were, drop))
  );
};

const has = (rules: readonly FlowRule[], rule: FlowRule): boolean => rules.some((one) => equal(one, rule));

/** Where the host's routes lead by the bridges that rules name; with them the default route, if one of these has it. */
function directionsOf(rules: readonly FlowRule[], family: Family, { snapshot }: View): Direction[] {
  const bridges = new Set(rules.flatMap(({ incoming, outgoing }) => [...(incoming?.names ?? []), ...(outgoing?.names ?? [])]));
  const routes = (snapshot.namespaces.get(HOST)?.routes ?? []).filter((route) => route.family === family && route.type === 'unicast');
  const [first] = routes.filter(({ to }) => to === 'default').sort((a, b) => a.metric - b.metric);
  return routes.flatMap((route) =>
    route.dev !== undefined && bridges.has(route.dev) && (route.to !== 'default' || route === first)
      ? [{ to: route.to === 'default' ? ALL[family] : route.to, dev: route.dev }]
      : [],
  );
}

/** Without the tool the rest works. */
export function livingOn({ changes, view }: Sides): Warning[] {
  const cuts = changes.some((change) => change.kind === 'table' && letInBefore(change as Change<TableSpec>, view).length > 0);
  return view.snapshot.hasConntrack || !cuts
    ? []
    : [withoutConntrack('connections that the filter has let in and would not any more live on until they end')];
}
