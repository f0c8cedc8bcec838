import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { ProcessState } from '../../../model/snapshot.ts';

/** Processes in each of the namespaces (`device:inode`). Costs one look at every process of the host. */
export function processesIn(inodes: ReadonlySet<string>): Map<string, ProcessState[]> {
  const found = new Map<string, ProcessState[]>([...inodes].map((inode) => [inode, []]));
  // The link's text has no device; all namespaces are on the one nsfs.
  const byText = new Map([...found].map(([inode, list]) => [`net:[${inode.slice(inode.indexOf(':') + 1)}]`, list]));
  for (const pid of pids()) {
    byText.get(linkText(`/proc/${pid}/ns/net`) ?? '')?.push({ pid, command: commandOf(pid) });
  }
  return found;
}

/** The process that holds a socket, by the socket's inode (of `readListeners`). Undefined where none is visible: a kernel socket. */
export function findSocketOwner(inode: string): ProcessState | undefined {
  const wanted = `socket:[${inode}]`;
  for (const pid of pids()) {
    if (entries(`/proc/${pid}/fd`).some((fd) => linkText(`/proc/${pid}/fd/${fd}`) === wanted)) return { pid, command: commandOf(pid) };
  }
  return undefined;
}

const pids = (): number[] =>
  entries('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

function entries(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return []; // it has ended meanwhile, or is not ours to look at
  }
}

function linkText(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return '';
  }
}
