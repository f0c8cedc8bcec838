import type { Fields } from '../iproute/read/edge.ts';
import * as uapi from './uapi.ts';
import { type Answer, addressIn, eachAttribute, i32, textIn, u16, u32 } from './wire.ts';

type Mutable = Record<string, unknown>;

/** `struct ifinfomsg` and `struct ifaddrmsg` */
const IFINFOMSG = 16;
const IFADDRMSG = 8;

/** Names of the links of a namespace, by ifindex. */
export type LinkNames = ReadonlyMap<number, string>;

/** How `ip` writes an ifindex that no link has. */
export const nameOf = (names: LinkNames, index: number): string => names.get(index) ?? `if${index}`;

/** What `ip -N -j -d addr show` prints of it, as far as `parseLinks` looks; from the answers to the dumps of links and of addresses. */
export function linkDocument(links: Answer, addresses: Answer): { readonly document: Fields[]; readonly names: LinkNames } {
  const documents = links.messages.filter(({ type }) => type === uapi.RTM_NEWLINK).map(({ from, to }) => linkFields(links.bytes, from, to));
  const byIndex = new Map(documents.map((fields) => [fields.ifindex as number, fields]));
  const names = new Map(documents.map(({ ifindex, ifname }) => [ifindex as number, ifname as string]));
  for (const fields of documents) {
    if (typeof fields.master === 'number') fields.master = nameOf(names, fields.master);
    if (typeof fields.link === 'number') fields.link = nameOf(names, fields.link);
  }
  for (const { type, from, to } of addresses.messages) {
    if (type !== uapi.RTM_NEWADDR) continue;
    const [family, index] = [addresses.bytes[from], u32(addresses.bytes, from + 4)];
    const list = byIndex.get(index)?.addr_info as Fields[] | undefined;
    if (family === uapi.AF_INET || family === uapi.AF_INET6) list?.push(addressFields(addresses.bytes, from, to));
  }
  return { document: documents, names };
}

function linkFields(bytes: Buffer, from: number, to: number): Mutable {
  const [kernelType, flags] = [u16(bytes, from + 2), u32(bytes, from + 8)];
  const fields: Mutable = { ifindex: i32(bytes, from + 4), flags: flagNames(flags), addr_info: [] };
  let link = 0;
  eachAttribute(bytes, from + IFINFOMSG, to, (type, start, end) => {
    switch (type) {
      case uapi.IFLA_IFNAME:
        fields.ifname = textIn(bytes, start, end);
        break;
      case uapi.IFLA_MTU:
        fields.mtu = u32(bytes, start);
        break;
      case uapi.IFLA_ADDRESS:
        fields.address = hardwareAddress(kernelType, bytes, start, end);
        break;
      case uapi.IFLA_GROUP:
        fields.group = u32(bytes, start);
        break;
      case uapi.IFLA_IFALIAS:
        fields.ifalias = textIn(bytes, start, end);
        break;
      case uapi.IFLA_MASTER:
        fields.master = u32(bytes, start);
        break;
      case uapi.IFLA_LINK:
        link = u32(bytes, start);
        break;
      case uapi.IFLA_LINK_NETNSID:
        fields.link_netnsid = i32(bytes, start);
        break;
      case uapi.IFLA_PROP_LIST:
        fields.altnames = altnamesIn(bytes, start, end);
        break;
      case uapi.IFLA_LINKINFO:
        fields.linkinfo = infoFields(bytes, start, end);
        break;
    }
  });
  if (link !== 0) fields[fields.link_netnsid === undefined ? 'link' : 'link_index'] = link;
  return fields;
}

function flagNames(flags: number): string[] {
  const names: string[] = [];
  if ((flags & uapi.IFF_LOOPBACK) !== 0) names.push('LOOPBACK');
  if ((flags & uapi.IFF_UP) !== 0) names.push('UP');
  if ((flags & uapi.IFF_LOWER_UP) !== 0) names.push('LOWER_UP');
  return names;
}

/** Those of tunnels (ARPHRD_TUNNEL, _SIT, _IPGRE; _TUNNEL6, _IP6GRE) are addresses of IP. */
const TUNNELS: Readonly<Record<number, number>> = { 768: 4, 776: 4, 778: 4, 769: 16, 823: 16 };

function hardwareAddress(kernelType: number, bytes: Buffer, from: number, to: number): string {
  if (to > from && TUNNELS[kernelType] === to - from) return addressIn(bytes, from, to);
  return Array.from(bytes.subarray(from, to), (value) => value.toString(16).padStart(2, '0')).join(':');
}

function altnamesIn(bytes: Buffer, from: number, to: number): string[] {
  const names: string[] = [];
  eachAttribute(bytes, from, to, (type, start, end) => {
    if (type === uapi.IFLA_ALT_IFNAME) names.push(textIn(bytes, start, end));
  });
  return names;
}

function infoFields(bytes: Buffer, from: number, to: number): Fields {
  const info: Mutable = {};
  let data: readonly [number, number] | undefined;
  let ofPort: readonly [number, number] | undefined;
  eachAttribute(bytes, from, to, (type, start, end) => {
    if (type === uapi.IFLA_INFO_KIND) info.info_kind = textIn(bytes, start, end);
    else if (type === uapi.IFLA_INFO_SLAVE_KIND) info.info_slave_kind = textIn(bytes, start, end);
    else if (type === uapi.IFLA_INFO_DATA) data = [start, end];
    else if (type === uapi.IFLA_INFO_SLAVE_DATA) ofPort = [start, end];
  });
  if (data !== undefined && info.info_kind === 'bridge') info.info_data = bridgeFields(bytes, ...data);
  if (ofPort !== undefined && info.info_slave_kind === 'bridge') info.info_slave_data = portFields(bytes, ...ofPort);
  return info;
}

function bridgeFields(bytes: Buffer, from: number, to: number): Fields {
  const fields: Mutable = {};
  eachAttribute(bytes, from, to, (type, start) => {
    if (type === uapi.IFLA_BR_STP_STATE) fields.stp_state = u32(bytes, start);
    else if (type === uapi.IFLA_BR_VLAN_FILTERING) fields.vlan_filtering = bytes[start];
  });
  return fields;
}

/** With `-N` the state is a number for `ip`, too. */
function portFields(bytes: Buffer, from: number, to: number): Fields {
  const fields: Mutable = {};
  eachAttribute(bytes, from, to, (type, start) => {
    if (type === uapi.IFLA_BRPORT_STATE) fields.state = bytes[start];
    else if (type === uapi.IFLA_BRPORT_MODE) fields.hairpin = bytes[start] !== 0;
    else if (type === uapi.IFLA_BRPORT_ISOLATED) fields.isolated = bytes[start] !== 0;
  });
  return fields;
}

/** The address of a pair of points is the local one; of IPv6 there is mostly only one. */
function addressFields(bytes: Buffer, from: number, to: number): Fields {
  let flags = bytes[from + 2] ?? 0;
  let [local, address] = ['', ''];
  eachAttribute(bytes, from + IFADDRMSG, to, (type, start, end) => {
    if (type === uapi.IFA_LOCAL) local = addressIn(bytes, start, end);
    else if (type === uapi.IFA_ADDRESS) address = addressIn(bytes, start, end);
    else if (type === uapi.IFA_FLAGS) flags = u32(bytes, start);
  });
  const isSet = (flag: number): boolean => (flags & flag) !== 0;
  return {
    local: local === '' ? address : local,
    prefixlen: bytes[from + 1],
    dynamic: !isSet(uapi.IFA_F_PERMANENT),
    temporary: bytes[from] === uapi.AF_INET6 && isSet(uapi.IFA_F_SECONDARY),
    mngtmpaddr: isSet(uapi.IFA_F_MANAGETEMPADDR),
    tentative: isSet(uapi.IFA_F_TENTATIVE),
    dadfailed: isSet(uapi.IFA_F_DADFAILED),
  };
}
