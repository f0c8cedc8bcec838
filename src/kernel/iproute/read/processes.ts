import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { ProcessState } from '../../../model/snapshot.ts';
import { OWN_PROGRAM } from '../../program.ts';

/**
 * Processes in each of the namespaces (`device:inode`), but for the short-lived ones of this and other netlooms, which look around or are at work
 * there. Costs one look at every process of the host.
 */
export function processesIn(inodes: ReadonlySet<string>): Map<string, ProcessState[]> {
  const found = new Map<string, ProcessState[]>([...inodes].map((inode) => [inode, []]));
  // The link's text has no device; all namespaces are on the one nsfs.
  const byText = new Map([...found].map(([inode, list]) => [`net:[${inode.slice(inode.indexOf(':') + 1)}]`, list]));
  for (const pid of pids()) {
    const list = byText.get(linkText(`/proc/${pid}/ns/net`) ?? '');
    if (list !== undefined && !isPassing(pid)) list.push({ pid, command: commandOf(pid) });
  }
  return found;
}

/**
 * The processes that hold sockets, by the sockets' inodes (of `readListeners`); of several the first. None where none is visible: a socket
 * of the kernel's own. Costs one look at every open file of the host, unless nothing is asked for.
 */
export function socketOwners(inodes: ReadonlySet<string>): Map<string, ProcessState> {
  const owners = new Map<string, ProcessState>();
  for (const pid of pids()) {
    if (owners.size === inodes.size) break;
    for (const fd of entries(`/proc/${pid}/fd`)) {
      const inode = /^socket:\[(\d+)\]$/.exec(linkText(`/proc/${pid}/fd/${fd}`) ?? '')?.[1];
      if (inode !== undefined && inodes.has(inode) && !owners.has(inode)) owners.set(inode, { pid, command: commandOf(pid) });
    }
  }
  return owners;
}

/** A program that a netloom has started, or what has ended by now. */
function isPassing(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(OWN_PROGRAM) || linkText(`/proc/${pid}/ns/net`) === undefined;
  } catch {
    return linkText(`/proc/${pid}/ns/net`) === undefined;
  }
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
