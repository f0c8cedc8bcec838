/**
 * The file as the schema admits it. Items that were wrong have been taken out and leave `undefined`; what a section lacks may also be
 * null (`web01:` is `{}`). Mappings have no prototype.
 */
export interface RawTopology {
  readonly name?: string;
  readonly description?: string;
  readonly defaults?: { readonly mtu?: number; readonly dns?: RawDns } | null;
  readonly subnets?: Readonly<Record<string, RawSubnet | null>> | null;
  readonly bridges?: Readonly<Record<string, RawBridge | null>> | null;
  readonly namespaces?: Readonly<Record<string, RawNamespace | null>> | null;
  readonly host?: { readonly routes?: RawList<RawRoute> } | null;
  readonly links?: RawList<RawLink>;
  readonly checks?: RawList<RawCheck>;
}

export type RawList<T> = readonly (T | undefined)[] | null;

export type RawDns = string | RawList<string>;

export interface RawSubnet {
  readonly ipv4?: string;
  readonly ipv6?: string;
  readonly range?: string | RawList<string>;
  readonly reserved?: RawList<string>;
  readonly gateway?: string | boolean | RawList<string>;
}

export interface RawBridge {
  readonly subnet?: string;
  readonly mtu?: number;
  readonly mac?: string;
  readonly stp?: boolean;
  readonly nat?: boolean | 'ipv4' | 'ipv6';
  readonly inbound?: 'published' | 'open';
  readonly icc?: boolean;
  readonly internal?: boolean;
  readonly allow?: RawList<RawAllow>;
}

export type RawPorts = number | string | RawList<number | string>;

export interface RawAllow {
  readonly from: string;
  readonly to?: string;
  readonly tcp?: RawPorts;
  readonly udp?: RawPorts;
  readonly sctp?: RawPorts;
}

export interface RawNamespace {
  readonly share?: string;
  readonly attach?: { readonly container?: string; readonly pid?: number; readonly path?: string };
  readonly forwarding?: boolean;
  readonly masquerade?: RawList<string>;
  readonly sysctls?: Readonly<Record<string, number | string>> | null;
  readonly interfaces?: { readonly lo?: { readonly addresses?: RawList<string> } | null } | null;
  readonly routes?: RawList<RawRoute>;
  readonly publish?: RawList<RawPublish>;
  readonly expose?: RawList<number | string>;
  readonly publishAll?: boolean;
  readonly aliases?: RawList<string>;
  readonly dns?: RawDns;
}

export interface RawRoute {
  readonly to: string;
  readonly via?: string | RawList<unknown>;
  readonly interface?: string;
  readonly metric?: number;
  readonly type?: 'unicast' | 'blackhole' | 'unreachable' | 'prohibit';
}

export type RawPublish = string | number | RawLongPublish;

export interface RawLongPublish {
  readonly hostAddress?: string;
  readonly hostPort?: number | string;
  readonly port: number | string;
  readonly protocol?: 'tcp' | 'udp' | 'sctp';
  readonly interface?: string;
}

export type RawLink = readonly (RawEnd | undefined)[] | RawLongLink;

export interface RawLongLink {
  readonly ends: readonly (RawEnd | undefined)[];
  readonly addresses?: RawList<string>;
  readonly mac?: string;
  readonly mtu?: number;
  readonly defaultRoute?: boolean;
  readonly subnet?: string | RawSubnet;
  readonly as?: Readonly<Record<string, string | undefined>>;
}

export type RawEnd = string | RawLongEnd;

export interface RawLongEnd {
  readonly at: string;
  readonly name?: string;
  readonly addresses?: RawList<string>;
  readonly mac?: string;
  readonly mtu?: number;
  readonly linkLocal?: boolean;
  readonly defaultRoute?: boolean;
}

export interface RawCheck {
  readonly from: string | RawList<string>;
  readonly to: string | RawList<string>;
  readonly ping?: boolean;
  readonly tcp?: number;
  readonly udp?: number;
  readonly expect?: 'reachable' | 'refused' | 'unreachable';
  readonly family?: 'ipv4' | 'ipv6';
  readonly source?: string;
  readonly timeout?: string;
  readonly serve?: boolean;
}

/** The items of a list that may be absent, with their places; what was taken out is skipped. A lone value counts as a list of one. */
export function itemsOf<T extends string | number | object>(list: T | RawList<T> | undefined): [T, (string | number)[]][] {
  if (list === undefined || list === null) return [];
  if (!Array.isArray(list)) return [[list as T, []]];
  return (list as readonly (T | undefined)[]).flatMap((item, index): [T, (string | number)[]][] =>
    item === undefined ? [] : [[item, [index]]],
  );
}
