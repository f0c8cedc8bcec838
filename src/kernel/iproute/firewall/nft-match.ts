import { type Fields, isFields } from '../read/edge.ts';
import { printValue } from '../read/nft-text.ts';
import { both, type Condition, otherPorts, type Ports } from './conditions.ts';

/** Elements of named sets and maps, by name; those of maps are pairs. */
export type Elements = ReadonlyMap<string, readonly unknown[]>;

/** What a comparison of an nft rule asks for, as alternatives; one without a condition where it is about something else. */
export function matchOf({ op, left, right }: Fields, elements: Elements): Condition[] {
  const negated = op === '!=';
  if (!negated && op !== '==' && op !== 'in') return [{}];
  const values = valuesOf(right, elements);
  if (values === undefined) return [{}];
  // What is not meant for the host is no concern of a published port.
  if (isAddressType(left)) return values.includes('local') === negated ? [] : [{}];
  if (negated) {
    const ports = values.flatMap((value) => keyOf(left, value).ports ?? []);
    const protocols = keyOf(left, '').protocols;
    return [{ ...(protocols ? { protocols } : {}), ...(ports.length > 0 ? { ports: otherPorts(ports) } : {}) }];
  }
  return values.map((value) => keyOf(left, value));
}

/** `fib daddr type`, with or without an interface. */
const isAddressType = (left: unknown): boolean =>
  isFields(left) &&
  isFields(left.fib) &&
  left.fib.result === 'type' &&
  (Array.isArray(left.fib.flags) ? left.fib.flags.includes('daddr') : left.fib.flags === 'daddr');

/** The elements of an anonymous or a named set, or the one value; undefined for a set that was not read. */
export function valuesOf(right: unknown, elements: Elements): readonly unknown[] | undefined {
  if (typeof right === 'string' && right.startsWith('@')) return elements.get(right.slice(1));
  if (isFields(right) && Array.isArray(right.set)) return right.set;
  return [right];
}

/** What it means that the left side, a field or a concatenation of fields, has this value. */
export function keyOf(left: unknown, value: unknown): Condition {
  const plain = isFields(value) && isFields(value.elem) ? value.elem.val : value;
  if (!isFields(left)) return {};
  if (Array.isArray(left.concat)) {
    const parts: readonly unknown[] = isFields(plain) && Array.isArray(plain.concat) ? plain.concat : [];
    return left.concat.reduce<Condition>((joint, one, index) => both(joint, keyOf(one, parts[index])) ?? joint, {});
  }
  if (isFields(left.meta)) return metaKey(left.meta.key, plain);
  if (isFields(left.payload)) return payloadKey(left.payload, plain);
  return {};
}

function metaKey(key: unknown, value: unknown): Condition {
  if (typeof value !== 'string') return {};
  if (key === 'nfproto') return inFamily(value);
  if (key === 'l4proto') return { protocols: [value] };
  return key === 'iifname' || key === 'iif' ? { interfaces: [value] } : {};
}

/** As nft calls them: `ip`, and `ipv4` of `meta nfproto`. */
export function inFamily(name: unknown): Condition {
  if (name === 'ip' || name === 'ipv4') return { families: ['ipv4'] };
  return name === 'ip6' || name === 'ipv6' ? { families: ['ipv6'] } : {};
}

function payloadKey({ protocol, field }: Fields, value: unknown): Condition {
  if (field === 'dport') {
    const ports = portsOf(value);
    return {
      ...(typeof protocol === 'string' && protocol !== 'th' ? { protocols: [protocol] } : {}),
      ...(ports ? { ports: [ports] } : {}),
    };
  }
  if (field === 'protocol' && typeof value === 'string') return { ...inFamily(protocol), protocols: [value] };
  if (protocol !== 'ip' && protocol !== 'ip6') return {};
  const address = field === 'daddr' ? addressText(value) : undefined;
  return { ...inFamily(protocol), ...(address === undefined ? {} : { addresses: [address] }) };
}

function portsOf(value: unknown): Ports | undefined {
  if (typeof value === 'number') return [value, value];
  if (!isFields(value) || !Array.isArray(value.range)) return undefined;
  const [first, last]: readonly unknown[] = value.range;
  return typeof first === 'number' && typeof last === 'number' ? [first, last] : undefined;
}

/** A range of addresses is left out: it counts as any. */
const addressText = (value: unknown): string | undefined =>
  typeof value === 'string' || (isFields(value) && 'prefix' in value) ? printValue(value) : undefined;
