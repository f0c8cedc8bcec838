import { isTraceTable, topologyOfTable } from '../../model/marks.ts';

/** Where a line of a monitor says that something has changed. */
export type Place =
  /** In the host's namespace; links and addresses are told with the number of their device. */
  | { readonly in: 'host'; readonly device: string | undefined; readonly ifindex: number | undefined }
  /** In the namespace that has this id here. */
  | { readonly in: 'id'; readonly id: number };

/**
 * Reads a line of `ip -o -N monitor all-nsid`. Devices of other namespaces are printed by the names that their numbers have here, so of those
 * only the id counts.
 */
export function parseRouteEvent(line: string): Place | undefined {
  const [, id, text = ''] = /^\[nsid (current|\d+)\](.*)$/.exec(line) ?? [undefined, 'current', line];
  if (text.trim() === '') return undefined;
  if (id !== 'current') return { in: 'id', id: Number(id) };
  const ifindex = /^(?:Deleted )?(\d+): /.exec(text)?.[1];
  return { in: 'host', device: deviceOf(text), ifindex: ifindex === undefined ? undefined : Number(ifindex) };
}

/** `2: br0: <UP>`, `2: br0    inet 10.0.0.1/24`, `10.0.0.0/8 via 10.0.0.1 dev br0`, `inet br0 forwarding on`. */
function deviceOf(text: string): string | undefined {
  const patterns = [/^(?:Deleted )?\d+: ([^\s:@]+)/, / dev (\S+)/, /^(?:Deleted )?inet6? (\S+) /];
  for (const pattern of patterns) {
    const found = pattern.exec(text)?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whose a line of `nft monitor` is: a topology's by its table, everybody's where Docker's chain for others has changed. */
export function parseNftEvent(line: string): { readonly topology: string } | 'everybody' | 'foreign' | undefined {
  const [, family, table = ''] = /^\s*(?:add|delete|insert|replace|destroy|flush) \w+ (\w+) (\S+)/.exec(line) ?? [];
  // What looks at packets for a while changes nothing.
  if (family === undefined || isTraceTable(table)) return undefined;
  const topology = family === 'inet' ? topologyOfTable(table) : undefined;
  if (topology !== undefined) return { topology };
  return / DOCKER-USER\b/.test(line) ? 'everybody' : 'foreign';
}
