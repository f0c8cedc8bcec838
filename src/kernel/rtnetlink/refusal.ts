import * as uapi from './uapi.ts';
import { aligned, eachAttribute, textIn, u16, u32 } from './wire.ts';

/** What the kernel says for people about a request that it has refused (`struct nlmsgerr`, NETLINK_EXT_ACK), if it does: `Nexthop has invalid gateway`. */
export function refusalText(bytes: Buffer): string | undefined {
  for (let at = 0; at + 36 <= bytes.length; at += aligned(u32(bytes, at))) {
    const [length, type, flags] = [u32(bytes, at), u16(bytes, at + 4), u16(bytes, at + 6)];
    if (length < 16) return undefined;
    if (type !== uapi.NLMSG_ERROR || (flags & uapi.NLM_F_ACK_TLVS) === 0) continue;
    const echoed = (flags & uapi.NLM_F_CAPPED) === 0 ? aligned(u32(bytes, at + 20)) : 16;
    let text: string | undefined;
    eachAttribute(bytes, at + 20 + echoed, at + length, (attribute, from, to) => {
      if (attribute === uapi.NLMSGERR_ATTR_MSG) text = textIn(bytes, from, to);
    });
    return text;
  }
  return undefined;
}
