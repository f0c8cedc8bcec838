import type { Fields } from '../iproute/read/edge.ts';
import { type LinkNames, nameOf } from './links.ts';
import * as uapi from './uapi.ts';
import { type Answer, addressIn, eachAttribute, u16, u32 } from './wire.ts';

/** `struct rtmsg` */
const RTMSG = 12;

/** What `ip -N -j -d route show table main` prints for both families, as far as `parseRoutes` looks; from the answer to the dump of routes. */
export const routeDocument = ({ bytes, messages }: Answer, names: LinkNames): Fields[] =>
  messages
    .filter(({ type, from }) => type === uapi.RTM_NEWROUTE && isOfInterest(bytes, from))
    .map(({ from, to }) => routeFields(bytes, from, to, names));

/** Tables of a number above 255 are told as another one there; entries of the kernel's cache are no routes. */
const isOfInterest = (bytes: Buffer, from: number): boolean =>
  (bytes[from] === uapi.AF_INET || bytes[from] === uapi.AF_INET6) &&
  bytes[from + 4] === uapi.RT_TABLE_MAIN &&
  (u32(bytes, from + 8) & uapi.RTM_F_CLONED) === 0;

function routeFields(bytes: Buffer, from: number, to: number, names: LinkNames): Fields {
  const [length, sourceLength, tos] = [bytes[from + 1] ?? 0, bytes[from + 2] ?? 0, bytes[from + 3]];
  const fields: Record<string, unknown> = {
    dst: length === 0 ? 'default' : `0/${length}`,
    type: String(bytes[from + 7]),
    protocol: String(bytes[from + 5]),
    ...(tos === 0 ? {} : { tos }),
    ...(sourceLength === 0 ? {} : { from: `0/${sourceLength}` }),
  };
  eachAttribute(bytes, from + RTMSG, to, (type, start, end) => {
    switch (type) {
      case uapi.RTA_DST:
        fields.dst = length === 0 ? 'default' : `${addressIn(bytes, start, end)}/${length}`;
        break;
      case uapi.RTA_SRC:
        fields.from = addressIn(bytes, start, end);
        break;
      case uapi.RTA_GATEWAY:
        fields.gateway = addressIn(bytes, start, end);
        break;
      case uapi.RTA_VIA: // `struct rtvia`: the family, then the address
        fields.via = { host: viaIn(bytes, start, end) };
        break;
      case uapi.RTA_OIF:
        fields.dev = nameOf(names, u32(bytes, start));
        break;
      case uapi.RTA_PRIORITY:
        fields.metric = u32(bytes, start);
        break;
      case uapi.RTA_MULTIPATH:
        fields.nexthops = [];
        break;
      case uapi.RTA_PREF:
        fields.pref = bytes[start];
        break;
    }
  });
  return fields;
}

const viaIn = (bytes: Buffer, from: number, to: number): string => {
  const family = u16(bytes, from);
  return family === uapi.AF_INET || family === uapi.AF_INET6 ? addressIn(bytes, from + 2, to) : '';
};
