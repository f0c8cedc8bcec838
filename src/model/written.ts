import type { Family } from './ip.ts';
import type { Attach, PerFamily, RouteType } from './topology.ts';

/** A topology in the words of the language, with everything spelt out: what `netloom import` writes. Keys come in this order. */
export interface WrittenTopology {
  readonly version: 1;
  readonly name: string;
  readonly subnets: Readonly<Record<string, WrittenSubnet>>;
  readonly bridges: Readonly<Record<string, WrittenBridge>>;
  readonly namespaces: Readonly<Record<string, WrittenNamespace>>;
  readonly host: { readonly routes?: readonly WrittenRoute[] };
  readonly links: readonly WrittenLink[];
}

export interface WrittenSubnet extends PerFamily<string> {
  readonly gateway?: false | string | readonly string[];
}

export interface WrittenBridge {
  readonly subnet?: string;
  readonly mtu?: number;
  readonly mac?: string;
  readonly stp?: true;
  readonly nat?: boolean | Family;
  readonly inbound?: 'open';
  readonly icc?: false;
  readonly internal?: true;
  readonly allow?: readonly WrittenAllow[];
}

export interface WrittenAllow {
  readonly from: string;
  readonly to?: string;
  readonly tcp?: readonly (number | string)[];
  readonly udp?: readonly (number | string)[];
  readonly sctp?: readonly (number | string)[];
}

export interface WrittenNamespace {
  readonly share?: string;
  readonly attach?: Attach;
  readonly forwarding?: true;
  readonly masquerade?: readonly string[];
  readonly aliases?: readonly string[];
  readonly dns?: readonly string[];
  readonly sysctls?: Readonly<Record<string, string | number>>;
  readonly interfaces?: { readonly lo: { readonly addresses: readonly string[] } };
  readonly publish?: readonly string[];
  readonly routes?: readonly WrittenRoute[];
}

export interface WrittenRoute {
  readonly to: string;
  readonly via?: string;
  readonly interface?: string;
  readonly metric?: number;
  readonly type?: RouteType;
}

export interface WrittenLink {
  readonly ends: readonly [WrittenEnd, WrittenEnd];
  readonly addresses?: readonly string[];
  readonly mac?: string;
  readonly mtu?: number;
  readonly defaultRoute?: boolean;
  readonly as?: Readonly<Record<string, string>>;
}

export type WrittenEnd = string | WrittenLongEnd;

export interface WrittenLongEnd {
  readonly at: string;
  readonly name?: string;
  readonly addresses?: readonly string[];
  readonly mac?: string;
  readonly mtu?: number;
  readonly linkLocal?: true;
}

/** Something that is there and not in the file. */
export interface Omission {
  /** Where in the file a remark belongs: `['bridges', 'br0']`. What is not in the file is remarked at its section. */
  readonly path: readonly (string | number)[];
  readonly code: 'W_IMPORT_OMITTED' | 'W_IMPORT_CHANGED';
  readonly message: string;
  readonly hint?: string;
}

/** What is there, as a topology. */
export interface Imported {
  readonly topology: WrittenTopology;
  readonly omissions: readonly Omission[];
  /** Lines about the whole, for the head of the file. */
  readonly remarks: readonly string[];
}
