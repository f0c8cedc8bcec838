import { canonical } from '../../model/ip.ts';
import { address, whole } from '../checked.ts';

/** A tracked connection: what was asked for, and what the answers are like, after translation. */
export interface Entry {
  /** `tcp`, `icmp`; `unknown` where the tool has no name for the number. */
  readonly protocol: string;
  readonly number: number;
  readonly original: Tuple;
  readonly reply: Tuple;
}

/** Addresses are canonical; ports absent where the protocol has none. */
export interface Tuple {
  readonly source: string;
  readonly destination: string;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  /** Of an echo. */
  readonly id?: number;
}

/** Reads what `conntrack -L` prints, a line each: `tcp 6 431999 ESTABLISHED src= dst= sport= dport= [UNREPLIED] src= dst= sport= dport= …`. */
export function entriesIn(listed: string): Entry[] {
  return listed.split('\n').flatMap((line): Entry[] => {
    const [, protocol = '', number, rest = ''] = /^(\S+) +(\d+) (.*)$/.exec(line) ?? [];
    const [original, reply] = rest
      .split(/(?=\bsrc=)/)
      .filter((half) => half.startsWith('src='))
      .map(tupleOf);
    return original === undefined || reply === undefined ? [] : [{ protocol, number: Number(number), original, reply }];
  });
}

function tupleOf(half: string): Tuple {
  const values = Object.fromEntries([...half.matchAll(/(\w+)=(\S+)/g)].map(([, key, value]) => [key, value]));
  const { src = '', dst = '', sport, dport, id, type } = values;
  return {
    source: canonical(src),
    destination: canonical(dst),
    ...(sport === undefined ? {} : { sourcePort: Number(sport) }),
    ...(dport === undefined ? {} : { destinationPort: Number(dport) }),
    // At the end of a line `-o id` would print one that is the entry's.
    ...(id === undefined || type === undefined ? {} : { id: Number(id) }),
  };
}

/** The line of `conntrack -R -` that removes it and nothing else. */
export const removalOf = (family: string, { number, original: { source, destination, sourcePort, destinationPort, id } }: Entry): string =>
  [
    `-D -f ${family} -p ${whole(number)} --orig-src ${address(source)} --orig-dst ${address(destination)}`,
    ...(sourcePort === undefined ? [] : [`--orig-port-src ${whole(sourcePort)}`]),
    ...(destinationPort === undefined ? [] : [`--orig-port-dst ${whole(destinationPort)}`]),
    ...(id === undefined ? [] : [`--icmp${family === 'ipv6' ? 'v6' : ''}-id ${whole(id)}`]),
  ].join(' ');
