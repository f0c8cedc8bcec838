import { readPlainFile } from '../../files.ts';

/** Where nft looks for names of link groups (nftables, src/meta.c: devgroup_table_init). It has no option to leave them out of its JSON. */
const PLACES = ['/etc/iproute2/group', '/usr/share/iproute2/group'];

/** The number that nft has put a name of the host's for; a number as it is. */
export function groupNumber(word: string): string {
  if (/^\d+$/.test(word)) return word;
  for (const place of PLACES) {
    for (const line of (readPlainFile(place) ?? '').split('\n')) {
      const [number = '', name] = line.trim().split(/\s+/);
      if (name === word && /^(0x[0-9a-fA-F]+|\d+)$/.test(number)) return String(Number(number));
    }
  }
  return word;
}
