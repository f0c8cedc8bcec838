import { BRIDGE_PORTS_MAX } from '../../model/marks.ts';
import type { LinkSettings, NewEnd } from '../../model/operation.ts';
import { dropIpv6Addresses, dropRoutes, makeLinkLocal, whenDown, whenUp } from './addresses.ts';
import { resetFamily } from './settings.ts';
import { addLink, claimName, type FakeHost, type FakeLink, type FakeNamespace, linkNamed, namespaceNamed, refuse } from './state.ts';

/** ETH_MIN_MTU and ETH_MAX_MTU (include/uapi/linux/if_ether.h), of Ethernet-like links. */
const MTU_MIN = 68;
const MTU_MAX = 65535;

export function addBridge(namespace: FakeNamespace, bridge: Omit<NewEnd, 'namespace' | 'mtu'>, where: string): void {
  claimName(namespace, bridge.ifname, where);
  addLink(namespace, 'bridge', { ...bridge, mtu: 1500 });
}

export function addVeth(host: FakeHost, ends: readonly [NewEnd, NewEnd], master: string | undefined): void {
  const [first, second] = ends.map((end) => ({ end, namespace: namespaceNamed(host, end.namespace) })) as [Placed, Placed];
  for (const { end, namespace } of [first, second]) {
    claimName(namespace, end.ifname, end.namespace);
    checkMtu(end.mtu, end.namespace);
  }
  if (first.namespace === second.namespace && first.end.ifname === second.end.ifname) {
    refuse(first.end.namespace, ['ip'], 'RTNETLINK answers: File exists');
  }
  const bridge = master === undefined ? undefined : linkNamed(first.namespace, master, first.end.namespace);
  const a = addLink(first.namespace, 'veth', first.end);
  const b = addLink(second.namespace, 'veth', second.end);
  a.peer = b;
  b.peer = a;
  if (bridge) joinBridge(a, bridge, first.end.namespace);
}

interface Placed {
  readonly end: NewEnd;
  readonly namespace: FakeNamespace;
}

function checkMtu(mtu: number, where: string): void {
  if (mtu < MTU_MIN) refuse(where, ['ip'], 'Error: mtu less than device minimum.');
  if (mtu > MTU_MAX) refuse(where, ['ip'], 'Error: mtu greater than device maximum.');
}

/** Applies the settings in the kernel's order: flags come last (do_setlink). */
export function setLink(link: FakeLink, set: LinkSettings, where: string): void {
  if (set.name !== undefined && set.name !== link.ifname) {
    claimName(link.namespace, set.name, where);
    link.ifname = set.name;
  }
  if (set.mtu !== undefined) {
    checkMtu(set.mtu, where);
    // The driver hears only of a change: so setting a bridge's MTU to what it is pins nothing.
    if (link.kind === 'bridge' && set.mtu !== link.mtu) link.mtuPinned = true;
    changeMtu(link, set.mtu);
  }
  if (set.mac !== undefined) link.mac = set.mac;
  if (set.group !== undefined) link.group = set.group;
  if (set.alias !== undefined) link.alias = set.alias;
  if (set.master === null) leaveBridge(link);
  else if (set.master !== undefined) joinBridge(link, linkNamed(link.namespace, set.master, where), where);
  if (set.isolated !== undefined || set.hairpin !== undefined) {
    if (!link.master) refuse(where, ['ip'], 'RTNETLINK answers: Operation not supported');
    link.port = { isolated: set.isolated ?? link.port.isolated, hairpin: set.hairpin ?? link.port.hairpin };
  }
  if (set.stp !== undefined) {
    if (link.kind !== 'bridge') refuse(where, ['ip'], 'RTNETLINK answers: Operation not supported');
    link.stp = set.stp;
  }
  if (set.up !== undefined && set.up !== link.up) changeUp(link, set.up);
}

function changeUp(link: FakeLink, up: boolean): void {
  link.up = up;
  if (up) whenUp(link);
  else whenDown(link);
  // The carrier may have come to the other end and to bridges above.
  for (const one of [link, link.peer, link.master, link.peer?.master]) if (one) makeLinkLocal(one);
}

function changeMtu(link: FakeLink, mtu: number): void {
  link.mtu = mtu;
  const ipv6 = mtu >= 1280;
  if (link.ipv6 && !ipv6) dropIpv6Addresses(link, { keepStatic: false });
  if (!link.ipv6 && ipv6) resetFamily(link.settings, link.namespace.interfaces.default, 'ipv6');
  link.ipv6 = ipv6;
  makeLinkLocal(link);
  if (link.master) followPorts(link.master);
}

function joinBridge(link: FakeLink, bridge: FakeLink, where: string): void {
  if (link.master === bridge) return;
  if (bridge.kind !== 'bridge' || link.kind === 'bridge') refuse(where, ['ip'], 'RTNETLINK answers: Operation not supported');
  if (portsOf(bridge).length >= BRIDGE_PORTS_MAX) refuse(where, ['ip'], 'RTNETLINK answers: Exchange full');
  leaveBridge(link);
  link.master = bridge;
  link.port = { isolated: false, hairpin: false };
  followPorts(bridge);
  makeLinkLocal(bridge);
}

function leaveBridge(link: FakeLink): void {
  const bridge = link.master;
  if (!bridge) return;
  delete link.master;
  followPorts(bridge);
}

const portsOf = (bridge: FakeLink): FakeLink[] => bridge.namespace.links.filter((link) => link.master === bridge);

/** A bridge's MTU is that of its smallest port until it has been set (br_mtu_auto_adjust). */
function followPorts(bridge: FakeLink): void {
  if (!bridge.mtuPinned)
    changeMtu(bridge, Math.min(...portsOf(bridge).map((port) => port.mtu), ...(portsOf(bridge).length === 0 ? [1500] : [])));
}

export function addAltname(link: FakeLink, altname: string, where: string): void {
  claimName(link.namespace, altname, where);
  link.altnames.push(altname);
}

export function deleteAltname(link: FakeLink, altname: string, where: string): void {
  const index = link.altnames.indexOf(altname);
  if (index === -1) refuse(where, ['ip'], 'RTNETLINK answers: No such file or directory');
  link.altnames.splice(index, 1);
}

/** Removes a link and, of a veth, the other end; ports of a bridge are set free. */
export function deleteLink(link: FakeLink, where: string): void {
  if (link.kind === 'loopback' || link.kind === 'physical') refuse(where, ['ip'], 'RTNETLINK answers: Operation not supported');
  for (const one of link.peer ? [link, link.peer] : [link]) vanish(one);
}

function vanish(link: FakeLink): void {
  const { links } = link.namespace;
  links.splice(links.indexOf(link), 1);
  dropRoutes(link);
  for (const port of links) if (port.master === link) delete port.master;
  leaveBridge(link);
}

/** Takes a name away; the namespace goes with the last that holds it. */
export function deleteName(host: FakeHost, name: string): void {
  if (!host.names.has(name))
    refuse('host', ['ip', 'netns'], `Cannot remove namespace file "/run/netns/${name}": No such file or directory`);
  const namespace = host.names.get(name);
  host.names.delete(name);
  if (namespace) reap(host, namespace, name);
}

/** A namespace that neither a name nor a process holds any more takes its links and their other ends along. */
export function reap(host: FakeHost, namespace: FakeNamespace, name: string): void {
  if (namespace === host.host || [...host.others.values()].includes(namespace) || [...host.names.values()].includes(namespace)) return;
  for (const link of [...namespace.links]) if (link.peer) deleteLink(link, name);
}
