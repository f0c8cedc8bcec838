import type { Route } from '../../model/topology.ts';
import { HOST } from '../../model/topology.ts';
import type { Draft } from '../draft.ts';
import type { Faults } from '../faults.ts';
import { impliedRoutes } from './defaults.ts';
import { checkRoutes } from './duplicates.ts';
import { writtenRoutes } from './routes.ts';

export interface Resolved {
  /** Namespace by namespace, implied ones first; the host's last. */
  readonly routes: readonly Route[];
  readonly byNamespace: ReadonlyMap<string, readonly Route[]>;
  /** Names of the subnets that serve as destinations. */
  readonly subnets: ReadonlySet<string>;
}

/** Every route, with next hop and device. */
export function resolveRoutes(draft: Draft, faults: Faults): Resolved {
  const byNamespace = new Map<string, readonly Route[]>();
  const subnets = new Set<string>();
  for (const node of draft.nodes.values()) {
    const written = writtenRoutes(node, draft, faults);
    for (const subnet of written.subnets) subnets.add(subnet);
    checkRoutes(node, written.routes, faults);
    const implied = impliedRoutes(node, written.defaults, faults);
    byNamespace.set(node.name, [...implied, ...written.routes.map(({ route }) => route)]);
  }
  const routes = [...byNamespace].filter(([name]) => name !== HOST).flatMap(([, own]) => own);
  return { routes: [...routes, ...(byNamespace.get(HOST) ?? [])], byNamespace, subnets };
}
