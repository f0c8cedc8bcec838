import { eachAttribute, textIn, u16, u32 } from './wire.ts';

const NLMSG_ERROR = 2;
/** Flags of an error: of the request it holds only the header; it has attributes (linux/netlink.h). */
const NLM_F_CAPPED = 0x100;
const NLM_F_ACK_TLVS = 0x200;
const NLMSGERR_ATTR_MSG = 1;

/** What the kernel says for people about a request that it has refused (`struct nlmsgerr`, NETLINK_EXT_ACK), if it does: `Nexthop has invalid gateway`. */
export function refusalText(bytes: Buffer): string | undefined {
  for (let at = 0; at + 36 <= bytes.length; at += (u32(bytes, at) + 3) & ~3) {
    const [length, type, flags] = [u32(bytes, at), u16(bytes, at + 4), u16(bytes, at + 6)];
    if (length < 16) return undefined;
    if (type !== NLMSG_ERROR || (flags & NLM_F_ACK_TLVS) === 0) continue;
    const echoed = (flags & NLM_F_CAPPED) === 0 ? (u32(bytes, at + 20) + 3) & ~3 : 16;
    let text: string | undefined;
    eachAttribute(bytes, at + 20 + echoed, at + length, (attribute, from, to) => {
      if (attribute === NLMSGERR_ATTR_MSG) text = textIn(bytes, from, to);
    });
    return text;
  }
  return undefined;
}
