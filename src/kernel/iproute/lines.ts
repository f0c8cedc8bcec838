import type { LinkSettings, NewEnd, RouteSpec, Step } from '../../model/operation.ts';
import { HOST } from '../../model/topology.ts';
import * as checked from '../checked.ts';

/** Steps that are lines of `ip -batch`. */
export type IpStep = Extract<
  Step,
  {
    do:
      | 'netns-add'
      | 'netns-delete'
      | 'bridge-add'
      | 'veth-add'
      | 'link-set'
      | 'altname-add'
      | 'altname-delete'
      | 'link-delete'
      | 'address-add'
      | 'address-ensure'
      | 'address-delete'
      | 'route-replace'
      | 'route-delete'
      | 'neighbour-flush';
  }
>;

export function isIpStep(step: Step): step is IpStep {
  switch (step.do) {
    case 'sysctl':
    case 'nft':
    case 'conntrack-flush':
    case 'conntrack-cut':
    case 'file-write':
    case 'file-delete':
    case 'netns-bind':
    case 'netns-attach':
    case 'docker-user-add':
    case 'docker-user-delete':
      return false;
    default:
      return true;
  }
}

/** The lines of `ip -batch` that carry a step out, in the namespace of the step (`namespaceOf`). Throws on text that is not plain. */
export function ipLines(step: IpStep): string[] {
  switch (step.do) {
    case 'netns-add':
      return [`netns add ${checked.namespaceName(step.name)}`];
    case 'netns-delete':
      return [`netns del ${checked.namespaceName(step.name)}`];
    case 'bridge-add':
      return [
        `link add name ${checked.ifname(step.ifname)} address ${checked.mac(step.mac)} group ${checked.whole(step.group)} type bridge`,
      ];
    case 'veth-add':
      return [vethLine(step.ends, step.master)];
    case 'link-set':
      return linkSetLines(checked.device(step.dev), step.set);
    case 'altname-add':
      return [`link property add dev ${checked.device(step.dev)} altname ${checked.altname(step.altname)}`];
    case 'altname-delete':
      return [`link property del dev ${checked.device(step.dev)} altname ${checked.altname(step.altname)}`];
    case 'link-delete':
      return [`link del dev ${checked.device(step.dev)}`];
    case 'address-add':
    case 'address-ensure':
      // Without `brd`: the kernel makes the subnet's broadcast route all the same (net/ipv4/fib_frontend.c, fib_add_ifaddr).
      // nodad: usable at once; addresses are ours to keep unique.
      return [
        `addr ${step.do === 'address-add' ? 'add' : 'replace'} ${checked.cidr(step.address)} dev ${checked.device(step.dev)}${step.address.includes(':') ? ' nodad' : ''}`,
      ];
    case 'address-delete':
      return [`addr del ${checked.cidr(step.address)} dev ${checked.device(step.dev)}`];
    case 'route-replace':
      return [`route replace ${routeText(step.route)}`];
    case 'route-delete':
      return [`route del ${routeText(step.route)}`];
    case 'neighbour-flush':
      return [`neigh flush to ${checked.address(step.address)} dev ${checked.device(step.dev)}`];
    default:
      return step satisfies never;
  }
}

/** One message makes both ends where they belong; it is sent from the host's namespace. */
function vethLine(ends: readonly [NewEnd, NewEnd], master: string | undefined): string {
  const [first, second] = ends[1].namespace === HOST && master === undefined ? [ends[1], ends[0]] : ends;
  if (master !== undefined && first.namespace !== HOST) {
    // The kernel looks the master up in the namespace that the message is sent from.
    throw new Error(`refused master ${master}: only bridges of the host take ports`);
  }
  const port = master === undefined ? '' : ` master ${checked.ifname(master)}`;
  return `link add ${newEnd(first)}${port} type veth peer ${newEnd(second)}`;
}

function newEnd(end: NewEnd): string {
  const place = end.namespace === HOST ? '' : ` netns ${checked.namespaceName(end.namespace)}`;
  return `name ${checked.ifname(end.ifname)}${place} mtu ${checked.whole(end.mtu)} address ${checked.mac(end.mac)} group ${checked.whole(end.group)}`;
}

/** Down first and up last; attributes in between, so that nobody sees the interface up and half configured. */
function linkSetLines(dev: string, set: LinkSettings): string[] {
  const lines: string[] = [];
  const now = set.name === undefined ? dev : checked.ifname(set.name);
  if (set.up === false) lines.push(`link set dev ${dev} down`);
  if (set.name !== undefined) lines.push(`link set dev ${dev} name ${now}`);
  const attributes = [
    ...(set.master === null ? ['nomaster'] : set.master === undefined ? [] : [`master ${checked.ifname(set.master)}`]),
    ...(set.mtu === undefined ? [] : [`mtu ${checked.whole(set.mtu)}`]),
    ...(set.mac === undefined ? [] : [`address ${checked.mac(set.mac)}`]),
    ...(set.group === undefined ? [] : [`group ${checked.whole(set.group)}`]),
    ...(set.alias === undefined ? [] : [`alias "${checked.alias(set.alias)}"`]),
  ];
  if (attributes.length > 0) lines.push(`link set dev ${now} ${attributes.join(' ')}`);
  if (set.stp !== undefined) lines.push(`link set dev ${now} type bridge stp_state ${set.stp ? 1 : 0}`);
  const port = [
    ...(set.isolated === undefined ? [] : [`isolated ${onOff(set.isolated)}`]),
    ...(set.hairpin === undefined ? [] : [`hairpin ${onOff(set.hairpin)}`]),
  ];
  if (port.length > 0) lines.push(`link set dev ${now} type bridge_slave ${port.join(' ')}`);
  if (set.up === true) lines.push(`link set dev ${now} up`);
  return lines;
}

const onOff = (value: boolean): string => (value ? 'on' : 'off');

/** `ip route` takes the family from an address, so a default route is written as the network that it is. */
function routeText(route: RouteSpec): string {
  const to = route.to === 'default' ? (route.family === 'ipv4' ? '0.0.0.0/0' : '::/0') : checked.cidr(route.to);
  return [
    ...(route.type === 'unicast' ? [] : [route.type]),
    to,
    // IPv4 over an IPv6 next hop (RFC 5549) has to be said; somebody else's, which is to go.
    ...(route.via === undefined
      ? []
      : [`via ${route.family === 'ipv4' && route.via.includes(':') ? 'inet6 ' : ''}${checked.address(route.via)}`]),
    ...(route.dev === undefined ? [] : [`dev ${checked.ifname(route.dev)}`]),
    ...(route.metric === undefined ? [] : [`metric ${checked.whole(route.metric)}`]),
    `proto ${checked.whole(route.protocol)}`,
  ].join(' ');
}

/**
 * Whether a failed line means only that what was to go is gone already: a link whose other end took it along, an address that went with
 * its link, a route with its device. The texts are those of iproute2 6.1 in the C locale.
 */
export function isAlreadyGone(step: Step, stderr: string): boolean {
  switch (step.do) {
    case 'link-delete':
    case 'neighbour-flush':
      return /Cannot find device|No such device/.test(stderr);
    case 'address-delete':
      return /Cannot find device|No such device|Cannot assign requested address|[Aa]ddress not found/.test(stderr);
    case 'route-delete':
      return /Cannot find device|No such device|No such process/.test(stderr);
    case 'altname-delete':
      return /Cannot find device|No such device|No such file or directory/.test(stderr);
    case 'netns-delete':
      return /No such file or directory/.test(stderr);
    default:
      return false;
  }
}
