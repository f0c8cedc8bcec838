import type { Change } from '../../model/resource.ts';

/** `describe` of the kind that a change is of: one line for people, without the id. */
export type Describe = (kind: string, spec: unknown) => string;

/** One line of a plan: a change with what was folded into it, or several that differ in a number alone. */
export interface Entry {
  readonly action: Change['action'];
  readonly kind: string;
  /** `web01:eth0`; of collapsed entries `pc01…pc20:eth0`. */
  readonly subject: string;
  readonly detail: string;
  /** What traffic notices. */
  readonly note?: string;
  /** How many objects the line stands for. */
  readonly count: number;
}

export const beforeOf = (change: Change): unknown => ('before' in change ? change.before : undefined);

export const afterOf = (change: Change): unknown => ('after' in change ? change.after : undefined);

/** The side of a change that there is: what will be, or what was. */
export const specOf = (change: Change): unknown => ('after' in change ? change.after : change.before);

/** The id without its kind. */
export const nameOf = (change: Change): string => change.id.slice(change.id.indexOf(':') + 1);

/** The order of a plan's lines: from what carries to what is carried. Kinds that are not listed come last. */
const ORDER = ['namespace', 'share', 'attach', 'bridge', 'link', 'address', 'route', 'sysctl', 'table', 'docker-user', 'publish', 'file'];

export function rankOf(kind: string): number {
  const rank = ORDER.indexOf(kind);
  return rank === -1 ? ORDER.length : rank;
}
