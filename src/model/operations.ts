import type { LinkSettings, Operation, Phase, Step } from './operation.ts';
import type { FieldChange, Id } from './resource.ts';

/** A step in its place; rank 0 is left out. */
export const operation = (resource: Id, phase: Phase, step: Step, rank = 0): Operation =>
  rank === 0 ? { resource, phase, step } : { resource, phase, step, rank };

export const linkSet = (namespace: string, dev: string, set: LinkSettings): Step => ({ do: 'link-set', namespace, dev, set });

/** Order within the phase `remove`: what takes other things along goes first. */
export const REMOVE = { links: 0, bridges: 1, nameAway: 2, nameBack: 3, routes: 4, addresses: 5 } as const;

/** Order within the phase `configure`. */
export const CONFIGURE = { loopback: 0, attributes: 1, addresses: 2, up: 3, routes: 4 } as const;

/** Order within the phase `raise`. */
export const RAISE = { names: -1, bridges: 0, routes: 1 } as const;

/** The least MTU with which Linux keeps IPv6 on a link (RFC 8200 §5). */
export const IPV6_MTU = 1280;

export const changedPaths = (fields: readonly FieldChange[]): ReadonlySet<string> => new Set(fields.map((field) => field.path));
