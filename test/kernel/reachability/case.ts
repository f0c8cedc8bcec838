/** Where a packet starts: the host, a machine of the simulated LAN, or a namespace of the lab. */
export type Place = 'host' | 'lan' | 'far' | 'web' | 'peer' | 'rogue' | 'q1' | 'q2' | 'in1' | 'in2' | 'plain' | 'open' | 'db';

/** `as A`: reached, and the server saw A as the source. `reachable`: reached by ping, which does not tell. */
export type Outcome = 'refused' | 'unreachable' | 'reachable' | `as ${string}`;

export type Kind = 'tcp' | 'udp' | 'ping';

/** Who, how, to where (port 0 for ping), and what must come of it. */
export type Row = readonly [from: Place, kind: Kind, to: string, port: number, must: Outcome];

/** What Docker makes of it, where that is something else; by `bridge-nf-call-iptables` where that matters. */
export type Otherwise = Outcome | { readonly off: Outcome; readonly on: Outcome };

/** A case that is put to Docker too. */
export type SharedRow = Row | readonly [...Row, docker: Otherwise];

/** Cases of one kind: a test for each setting, and a line of README's table. */
export type Group =
  | {
      readonly title: string;
      readonly rows: readonly SharedRow[];
      /** What Docker does in the cases in which it does something else. */
      readonly docker: string;
    }
  | {
      readonly title: string;
      readonly rows: readonly Row[];
      /** What Docker cannot be told. */
      readonly notInDocker: string;
    };

/** What both are asked by: `lan tcp 192.0.2.1:8080`. */
export const textOf = ([from, kind, to, port]: SharedRow): string =>
  `${from} ${kind} ${to.includes(':') ? `[${to}]` : to}${kind === 'ping' ? '' : `:${port}`}`;

/** What Docker is known to make of it. */
export function dockerOutcome(row: SharedRow, withBridgeNf: boolean): Outcome {
  const [, , , , must, docker = must] = row;
  return typeof docker === 'string' ? docker : withBridgeNf ? docker.on : docker.off;
}
