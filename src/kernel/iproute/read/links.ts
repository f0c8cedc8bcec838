import { canonical } from '../../../model/ip.ts';
import type { LinkState } from '../../../model/snapshot.ts';
import { type Fields, flag, listOf, optionalFields, optionalList, optionalText, optionalWhole, text, texts, whole } from './edge.ts';

/** A link with what `peers.ts` needs to find its other end. */
export interface RawLink {
  readonly state: LinkState;
  /** ifindex of the other end, in the namespace that `netnsid` means. */
  readonly linkIndex?: number;
  /** The other end's namespace, as an id of the namespace read from. */
  readonly netnsid?: number;
  /** Name of the other end, where it is in the same namespace. */
  readonly link?: string;
}

/** Reads the document of `ip -N -j -d addr show` (iproute2 6.1). */
export function parseLinks(document: unknown): RawLink[] {
  return listOf(document, 'ip addr show')
    .filter((fields) => fields.ifindex !== undefined) // objects that a filter left out are `{}`
    .map(parseLink);
}

function parseLink(fields: Fields): RawLink {
  const info = optionalFields(fields, 'linkinfo');
  const kind = optionalText(info, 'info_kind') ?? '';
  const flags = texts(fields, 'flags');
  const master = optionalText(fields, 'master');
  const ifname = text(fields, 'ifname');
  const linkIndex = optionalWhole(fields, 'link_index');
  const netnsid = optionalWhole(fields, 'link_netnsid');
  const link = optionalText(fields, 'link');
  return {
    state: {
      ifindex: whole(fields, 'ifindex'),
      ifname,
      kind,
      up: flags.includes('UP'),
      carrier: flags.includes('LOWER_UP'),
      mtu: whole(fields, 'mtu'),
      mac: optionalText(fields, 'address') ?? '',
      group: optionalWhole(fields, 'group') ?? 0,
      altnames: texts(fields, 'altnames'),
      alias: optionalText(fields, 'ifalias') ?? '',
      ...(master === undefined ? {} : { master }),
      addresses: optionalList(fields, 'addr_info')
        .filter(isStatic)
        .map(addressText)
        .filter((address) => !(flags.includes('LOOPBACK') && LOOPBACK.has(address))),
      ...undecidedOf(fields),
      ...(info.info_slave_kind === 'bridge' ? { port: parsePort(optionalFields(info, 'info_slave_data')) } : {}),
      ...(kind === 'bridge' ? { bridge: parseBridge(optionalFields(info, 'info_data')) } : {}),
    },
    ...(linkIndex === undefined ? {} : { linkIndex }),
    ...(netnsid === undefined ? {} : { netnsid }),
    ...(link === undefined ? {} : { link }),
  };
}

/** The kernel gives these to every lo that comes up. */
const LOOPBACK = new Set(['127.0.0.1/8', '::1/128']);

/** What router advertisements, DHCP or privacy extensions made is not ours to compare. A kernel-made link-local address looks static. */
const isStatic = (fields: Fields): boolean => !flag(fields, 'dynamic') && !flag(fields, 'temporary') && !flag(fields, 'mngtmpaddr');

/** Of a point-to-point address (`local` and `address`) the local one. */
const addressText = (fields: Fields): string => canonical(`${text(fields, 'local')}/${whole(fields, 'prefixlen')}`);

/** `tentative` is printed with `dadfailed`, which is for good. */
function undecidedOf(fields: Fields): Pick<LinkState, 'undecided'> {
  const undecided = optionalList(fields, 'addr_info')
    .filter((one) => isStatic(one) && (flag(one, 'tentative') || flag(one, 'dadfailed')))
    .map((one) => ({ address: addressText(one), duplicate: flag(one, 'dadfailed') }));
  return undecided.length === 0 ? {} : { undecided };
}

/** While spanning tree decides: listening, learning (include/uapi/linux/if_bridge.h). A blocked port stays so, as it should. */
const WAITING = new Set(['listening', 'learning', '1', '2']);

/** The bridge learns of a port's carrier when the kernel next looks through such news (net/core/link_watch.c), up to a second after the port has it. */
const DISABLED = new Set(['disabled', '0']);

const parsePort = (fields: Fields) => ({
  isolated: flag(fields, 'isolated'),
  hairpin: flag(fields, 'hairpin'),
  ...(WAITING.has(String(fields.state)) ? { waiting: true as const } : {}),
  ...(DISABLED.has(String(fields.state)) ? { disabled: true as const } : {}),
});
const parseBridge = (fields: Fields) => ({ stp: fields.stp_state !== 0, vlanFiltering: flag(fields, 'vlan_filtering') });
