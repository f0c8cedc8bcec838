import { LINK_GROUP } from '../../../model/marks.ts';
import { readPlainFile } from '../../files.ts';

/** Where nft looks for names of link groups (nftables, src/meta.c: devgroup_table_init). It has no option to leave them out of its JSON. */
const PLACES = ['/etc/iproute2/group', '/usr/share/iproute2/group'];

/** The number that nft has put a name of the host's for; of several with that name, ours. A number as it is. */
export function groupNumber(word: string): string {
  if (/^\d+$/.test(word)) return word;
  const numbers = PLACES.flatMap((place) => (readPlainFile(place) ?? '').split('\n')).flatMap((line) => {
    const [number = '', name] = line.trim().split(/\s+/);
    return name === word && /^(0x[0-9a-fA-F]+|\d+)$/.test(number) ? [Number(number)] : [];
  });
  return String(numbers.find((number) => number === LINK_GROUP) ?? numbers[0] ?? word);
}
