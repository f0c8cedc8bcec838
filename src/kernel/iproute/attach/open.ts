import { closeSync, constants, fstatSync, openSync, statSync } from 'node:fs';
import type { Attach } from '../../../model/topology.ts';
import { mayLookIntoOthers } from '../../capabilities.ts';
import type { RunProgram } from '../../program.ts';
import { hostInode } from '../read/names.ts';
import { askEngines, type Refusal } from './engine.ts';

/** A namespace held open, so that what was looked at is what will be used, whatever becomes of its process meanwhile. */
export interface Opened {
  readonly found: true;
  readonly inode: string;
  /** Leads there for programs that we start. */
  readonly path: string;
  readonly close: () => void;
}

/**
 * Finds somebody else's namespace and opens it, once. An engine is asked again afterwards: the process may have ended, and its number gone to
 * another one, between its answer and our open. The host's own namespace is refused, which a container with `--network host` and
 * any ordinary process would lead to.
 */
export async function openNamespace(run: RunProgram, source: Attach, signal?: AbortSignal): Promise<Opened | Refusal> {
  if ('path' in source) return openPath(source.path, `${source.path} is not there`);
  if ('pid' in source) return openPath(`/proc/${source.pid}/ns/net`, `there is no process ${source.pid}`);
  for (let attempt = 1; ; attempt++) {
    const pid = await askEngines(run, source.container, signal);
    if (typeof pid !== 'number') return pid;
    const opened = openPath(`/proc/${pid}/ns/net`, `the process ${pid} of the container ${source.container} has ended`);
    const again = await askEngines(run, source.container, signal);
    if (again === pid || attempt === 3) return opened;
    if (opened.found) opened.close();
  }
}

function openPath(path: string, absent: string): Opened | Refusal {
  const nsfs = statSync('/proc/self/ns/net').dev;
  let fd: number;
  try {
    // Looked at before it is opened, as opening a device may do something.
    if (statSync(path).dev !== nsfs) return isNone(path);
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return unopened(path, absent, error);
  }
  const stat = fstatSync(fd);
  const inode = `${stat.dev}:${stat.ino}`;
  const opened: Opened = { found: true, inode, path: `/proc/${process.pid}/fd/${fd}`, close: () => closeSync(fd) };
  if (stat.dev === nsfs && inode !== hostInode()) return opened;
  opened.close();
  return stat.dev === nsfs ? isHosts(path) : isNone(path);
}

function unopened(path: string, absent: string, error: unknown): Refusal {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if ((code === 'EACCES' || code === 'EPERM') && !mayLookIntoOthers()) {
    const message = `${path} cannot be opened: ${code} (missing: CAP_SYS_PTRACE)`;
    return { found: false, code: 'E_PRIVILEGE', message, hint: 'run netloom with CAP_SYS_PTRACE: the process belongs to another user' };
  }
  const gone = code === 'ENOENT' || code === 'ENOTDIR' || code === 'ESRCH';
  return {
    found: false,
    code: 'E_ATTACH_GONE',
    message: gone ? absent : `${path} cannot be opened: ${code || String(error)}`,
    hint: gone ? 'start it, and correct the file: `lsns -t net` lists the namespaces that there are' : 'run netloom as root',
  };
}

const isHosts = (path: string): Refusal => ({
  found: false,
  code: 'E_ATTACH_HOST',
  message: `${path} leads to the host's own namespace`,
  hint: 'a container must not run with --network host; for the host itself write `host` in links, or share: host',
});

export const isNone = (path: string): Refusal => ({
  found: false,
  code: 'E_ATTACH_GONE',
  message: `${path} is no network namespace`,
  hint: 'write the path of one, as /proc/44951/ns/net or /run/netns/NAME',
});
