import equal from 'fast-deep-equal';
import type { Topology } from '../../model/topology.ts';

/** Where the file says something, and whether netloom chose it, is no part of what it stands for. */
const SAYS_WHERE = ['origin', 'digest', 'derived', 'automatic'];

/** Whether two texts stand for one network, name for name, address for address, in one order. */
export const meansTheSame = (one: Topology, other: Topology): boolean => equal(modelOf(one), modelOf(other));

/** What a topology stands for, without where it is written. */
export const modelOf = (topology: Topology): unknown => without(topology);

function without(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(without);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !SAYS_WHERE.includes(key))
      .map(([key, each]) => [key, without(each)]),
  );
}
