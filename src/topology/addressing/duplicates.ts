import { type Cidr, formatIp } from '../../model/ip.ts';
import { HOST } from '../../model/topology.ts';
import { type Draft, endName } from '../draft.ts';
import type { Faults } from '../faults.ts';
import type { Path } from '../syntax/places.ts';

interface Holder {
  readonly who: string;
  readonly path: Path;
  readonly isLoopback: boolean;
  readonly namespace: string;
}

/** Reports addresses that two interfaces hold, or an interface and a bridge as gateway. */
export function checkDuplicates(draft: Draft, faults: Faults): void {
  const holders = new Map<string, Holder[]>();
  const enter = (cidr: Cidr, holder: Holder) => {
    const key = `${cidr.family} ${cidr.value}`;
    const all = holders.get(key);
    if (all === undefined) holders.set(key, [holder]);
    else all.push(holder);
  };
  for (const { name, path, own, segment } of draft.bridges.values()) {
    const at = segment.subnet?.gateway.kind === 'addresses' ? [...segment.subnet.path, 'gateway'] : [...path, 'subnet'];
    for (const cidr of own.addresses) enter(cidr, { who: `the bridge ${name}, as gateway`, path: at, isLoopback: false, namespace: HOST });
  }
  for (const end of draft.links.flatMap((link) => link.ends)) {
    const written = new Map(end.explicit.map(({ cidr, path }) => [cidr, path]));
    const holder = { who: endName(end), isLoopback: false, namespace: end.namespace };
    for (const cidr of end.addresses) enter(cidr, { ...holder, path: written.get(cidr) ?? end.path });
  }
  for (const node of draft.nodes.values()) {
    const holder = { who: `${node.name}:lo`, isLoopback: true, namespace: node.name };
    for (const { cidr, path } of node.loopback) enter(cidr, { ...holder, path });
  }
  for (const [key, all] of holders) if (all.length > 1) reportHolders(key, all, faults);
}

function reportHolders(key: string, all: readonly Holder[], faults: Faults): void {
  const [family, value = '0'] = key.split(' ');
  const address = formatIp({ family: family === 'ipv6' ? 'ipv6' : 'ipv4', value: BigInt(value) });
  const interfaces = all.filter((holder) => !holder.isLoopback);
  for (const holder of all) {
    // One address on the lo of several routers is anycast, and meant.
    const rivals = holder.isLoopback ? [...interfaces, ...all.filter((each) => each.namespace === holder.namespace)] : all;
    const other = rivals.find((rival) => rival !== holder);
    if (other === undefined) continue;
    const message = `${address} is also held by ${other.who} at line ${faults.origin(other.path).line}`;
    faults.add(holder.path, 'E_ADDRESS_DUPLICATE', message, 'give one of them another address');
  }
}
