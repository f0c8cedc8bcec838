import { basename } from 'node:path';
import type { Taken } from '../../kernel/taken.ts';
import { formatCidr, overlaps, parseCidr } from '../../model/ip.ts';

/** What a first file is made of. */
export interface Answers {
  readonly name: string;
  readonly namespaces: number;
  readonly subnet: string;
  /** `8080:80`; absent: nothing is published. */
  readonly publish?: string;
}

/** What is proposed: clear of what is on this host already. */
export function proposed(cwd: string, taken: Taken): Answers {
  return { name: nameFrom(basename(cwd)), namespaces: 2, subnet: freeSubnet(taken), publish: `${freePort(taken)}:80` };
}

/** A directory's name as that of a topology. */
export function nameFrom(text: string): string {
  const name = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 31)
    .replace(/-+$/, '');
  return name === '' ? 'lab' : name;
}

/** The first of 10.80.1.0/24, 10.80.2.0/24, … that overlaps no route; where all do, the first. */
function freeSubnet({ networks }: Taken): string {
  const candidates = ['10.80', '172.30', '192.168'].flatMap((head) =>
    Array.from({ length: 254 }, (_, index) => parseCidr(`${head}.${index + 1}.0/24`)),
  );
  const free = candidates.find((candidate) => candidate !== undefined && !networks.some((network) => overlaps(network, candidate)));
  return free === undefined ? '10.80.1.0/24' : formatCidr(free);
}

function freePort({ ports }: Taken): number {
  return Array.from({ length: 1000 }, (_, index) => 8080 + index).find((port) => !ports.has(port)) ?? 8080;
}

/** Names that the host does not have yet: of the bridge, and what the namespaces' names begin with. */
export function freeNames(name: string, taken: Taken): { readonly bridge: string; readonly member: string } {
  const bridges = ['', ...Array.from({ length: 99 }, (_, index) => String(index + 2))].map(
    (number) => `br-${name.slice(0, 12 - number.length).replace(/-+$/, '')}${number}`,
  );
  const members = ['web', 'pc', `${name}-`];
  const isFree = (member: string): boolean => ![...taken.namespaces].some((one) => one.startsWith(member));
  return {
    bridge: bridges.find((bridge) => !taken.interfaces.has(bridge)) ?? `br-${name.slice(0, 12)}`,
    member: members.find(isFree) ?? `${name}-`,
  };
}
