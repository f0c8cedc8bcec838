import { type Cidr, type Family, overlaps, parseCidr } from '../../../model/ip.ts';

/** First and last port, both included. */
export type Ports = readonly [first: number, last: number];

/** What a packet must be for a rule to take it, as far as it can be told; what is absent does not matter. */
export interface Condition {
  /** Of a rule of an inet table that is about one of them alone. */
  readonly families?: readonly Family[];
  readonly protocols?: readonly string[];
  /** Destination ports. */
  readonly ports?: readonly Ports[];
  /** Destination addresses and networks. */
  readonly addresses?: readonly string[];
  /** Interfaces that it comes in by; `br-*` stands for all that begin with `br-`. */
  readonly interfaces?: readonly string[];
}

/** Both at once; undefined where nothing can be both. */
export function both(a: Condition, b: Condition): Condition | undefined {
  const joint: Condition = {
    ...meet('families', a.families, b.families, same),
    ...meet('protocols', a.protocols, b.protocols, same),
    ...meet('ports', a.ports, b.ports, commonPorts),
    ...meet('addresses', a.addresses, b.addresses, narrower),
    ...meet('interfaces', a.interfaces, b.interfaces, (one, other) => (covers(one, other) ? other : covers(other, one) ? one : undefined)),
  };
  return Object.values(joint).some((list: readonly unknown[]) => list.length === 0) ? undefined : joint;
}

function meet<K extends string, T>(
  key: K,
  a: readonly T[] | undefined,
  b: readonly T[] | undefined,
  common: (one: T, other: T) => T | undefined,
): { [P in K]?: readonly T[] } {
  const list = a === undefined || b === undefined ? (a ?? b) : a.flatMap((one) => b.flatMap((other) => common(one, other) ?? []));
  return list === undefined ? {} : ({ [key]: list } as { [P in K]: readonly T[] });
}

const same = <T>(one: T, other: T): T | undefined => (one === other ? one : undefined);

function commonPorts([first, last]: Ports, [from, to]: Ports): Ports | undefined {
  const joint = [Math.max(first, from), Math.min(last, to)] as const;
  return joint[0] <= joint[1] ? joint : undefined;
}

const covers = (pattern: string, name: string): boolean =>
  pattern === name || (pattern.endsWith('*') && name.startsWith(pattern.slice(0, -1)));

function narrower(one: string, other: string): string | undefined {
  const [a, b] = [networkIn(one), networkIn(other)];
  if (a === undefined || b === undefined || !overlaps(a, b)) return undefined;
  return a.prefix >= b.prefix ? one : other;
}

/** An address counts as a network of its own. */
const networkIn = (text: string): Cidr | undefined => parseCidr(text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`);

/** Every port but these. */
export function otherPorts(ports: readonly Ports[]): Ports[] {
  const sorted = [...ports].sort(([a], [b]) => a - b);
  const starts = [0, ...sorted.map(([, last]) => last + 1)];
  const ends = [...sorted.map(([first]) => first - 1), 65535];
  return starts.flatMap((start, index): Ports[] => (start <= (ends[index] ?? -1) ? [[start, ends[index] ?? start]] : []));
}
