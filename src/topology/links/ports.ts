import { createHash } from 'node:crypto';
import { BRIDGE_PORTS_MAX, IFNAME_MAX } from '../../model/marks.ts';
import { HOST } from '../../model/topology.ts';
import type { Draft, DraftEnd } from '../draft.ts';
import { endName } from '../draft.ts';
import { badIfname } from '../entities/names.ts';
import { compareText, type Faults } from '../faults.ts';

/**
 * Names the host-side ends of bridge links: as written, else `<ns>-<if>` where that fits and is free in the file, else by a hash. A pure
 * function of the set of links, whatever their order: where two want one name, the member that sorts first gets it.
 */
export function namePorts(draft: Draft, faults: Faults): void {
  const ports = [...draft.bridges.values()].flatMap((bridge) => bridge.ports);
  const taken = new Set<string>(draft.bridges.keys());
  for (const end of draft.nodes.get(HOST)?.ends ?? []) taken.add(end.ifname);
  const unnamed: DraftEnd[] = [];
  for (const port of ports) {
    const { name } = port.settings;
    if (name === undefined) unnamed.push(port);
    else {
      const bad = badIfname(name.value);
      if (bad !== undefined) faults.add(name.path, bad.code, bad.message, bad.hint);
      port.ifname = name.value;
      taken.add(name.value);
    }
  }
  for (const port of unnamed.sort((a, b) => compareText(a.link.id, b.link.id))) {
    port.ifname = freeName(draft.name, port, taken);
    taken.add(port.ifname);
  }
}

function freeName(topology: string, port: DraftEnd, taken: ReadonlySet<string>): string {
  const member = port.link.ends[1];
  const plain = `${member.namespace}-${member.ifname}`;
  if (plain.length <= IFNAME_MAX && !taken.has(plain)) return plain;
  for (let probe = 0; ; probe += 1) {
    const hash = createHash('sha256').update(`port\0${topology}\0${member.namespace}\0${member.ifname}\0${probe}`).digest('hex');
    const name = `nl${hash.slice(0, 10)}`;
    if (!taken.has(name)) return name;
  }
}

/** Reports interfaces of one name in one namespace, the host's bridges and ports included, and bridges with too many ports. */
export function checkInterfaces(draft: Draft, faults: Faults): void {
  const holders = new Map<string, { path: readonly (string | number)[]; what: string }[]>();
  const enter = (name: string, path: readonly (string | number)[], what: string) => {
    const same = holders.get(name) ?? [];
    same.push({ path, what });
    holders.set(name, same);
  };
  for (const bridge of draft.bridges.values()) enter(`${HOST}:${bridge.name}`, bridge.path, `the bridge ${bridge.name}`);
  for (const { ends } of draft.links) {
    for (const end of ends) {
      if (end.ifname === '') continue;
      enter(endName(end), end.settings.name?.path ?? end.path, end.isPort ? `the port ${end.ifname}` : endName(end));
    }
  }
  for (const [name, same] of holders) {
    const [first, second] = same;
    if (first === undefined || second === undefined) continue;
    for (const holder of same) {
      const other = holder === first ? second : first;
      const { line } = faults.origin(other.path, other.path[0] === 'bridges' ? 'key' : 'value');
      const add = holder.path[0] === 'bridges' ? faults.addAtKey : faults.add;
      const where = name.startsWith(`${HOST}:`) ? 'in the host' : `in ${name.split(':')[0]}`;
      const clash = holder.what === other.what ? 'is also made' : `has the name of ${other.what}`;
      add(holder.path, 'E_NAME_DUPLICATE', `${holder.what} ${clash} at line ${line}`, `names must differ ${where}; change one`);
    }
  }
  for (const { name, ports } of draft.bridges.values()) {
    for (const port of ports.slice(BRIDGE_PORTS_MAX)) {
      const message = `the bridge ${name} has ${ports.length} ports, and Linux takes ${BRIDGE_PORTS_MAX}`;
      faults.add(port.link.path, 'E_BRIDGE_PORTS', message, 'spread the members over two bridges');
    }
  }
}
