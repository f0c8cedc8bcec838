import * as uapi from './uapi.ts';
import { attribute, type Hex, request, terminated, word, zeros } from './wire.ts';

/** What is sent to the kernel of a namespace. */
export interface Request {
  readonly hex: Hex;
  /** Where in it the ifindex goes that was asked for last (`findLink`). */
  readonly indexAt?: number;
  /** The name that it looks for, where it is one of `findLink`. */
  readonly looksFor?: string;
  /** A name of a link may be another one's, or nobody's, after it. */
  readonly renames?: true;
}

const dump = (type: number, ...parts: readonly Hex[]): Request => ({
  hex: request(type, uapi.NLM_F_REQUEST | uapi.NLM_F_DUMP, ...parts),
});

const WITHOUT_COUNTERS = attribute(uapi.IFLA_EXT_MASK, word(uapi.RTEXT_FILTER_SKIP_STATS));

/** Lists the links, the addresses and the routes of a namespace, of all families. */
export const READ_REQUESTS: readonly Request[] = [
  dump(uapi.RTM_GETLINK, zeros(16), WITHOUT_COUNTERS),
  dump(uapi.RTM_GETADDR, zeros(8)),
  dump(uapi.RTM_GETROUTE, zeros(12)),
];

/** The longest name that is no altname (IFNAMSIZ less the byte that ends it). */
const NAME_MAX = 15;

/** Asks for the link of that name or altname. */
export const findLink = (name: string): Request => ({
  looksFor: name,
  hex: request(
    uapi.RTM_GETLINK,
    uapi.NLM_F_REQUEST | uapi.NLM_F_ACK,
    zeros(16),
    attribute(Buffer.byteLength(name) > NAME_MAX ? uapi.IFLA_ALT_IFNAME : uapi.IFLA_IFNAME, terminated(name)),
    WITHOUT_COUNTERS,
  ),
});
