import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import type { Host } from '../../src/cli/host.ts';
import type { Io } from '../../src/cli/io.ts';
import { main } from '../../src/cli/main.ts';
import type { Inventory, Report } from '../../src/model/report.ts';
import type { Plan } from '../../src/model/resource.ts';
import { describe } from '../render/fixtures.ts';

export interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface World {
  /** Files by path, relative to the working directory. */
  readonly files?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly host?: Partial<Host>;
  /** A terminal on all three streams, which types this. */
  readonly typed?: string;
}

/** Runs netloom in a directory of its own, against a host that is told what to say. */
export async function run(line: string | readonly string[], world: World = {}): Promise<Result & { readonly cwd: string }> {
  const cwd = await mkdtemp(join(tmpdir(), 'netloom-cli-'));
  for (const [path, text] of Object.entries(world.files ?? {})) {
    await mkdir(dirname(join(cwd, path)), { recursive: true });
    await writeFile(join(cwd, path), text);
  }
  let stdout = '';
  const stderr = new PassThrough();
  const said: string[] = [];
  stderr.on('data', (chunk) => said.push(String(chunk)));
  const terminal = world.typed !== undefined;
  const io: Io = {
    stdin: Object.assign(Readable.from([world.typed ?? world.stdin ?? '']), { isTTY: terminal }),
    stdout: { write: (text) => (stdout += text), isTTY: terminal, columns: 100 },
    stderr: Object.assign(stderr, { isTTY: terminal, columns: 100 }),
    env: { LANG: 'C.UTF-8', NO_COLOR: '1', ...world.env },
    cwd,
  };
  const argv = typeof line === 'string' ? line.split(' ').filter((word) => word !== '') : line;
  const host: Host = { ...NOTHING, exclusive: (work) => work(host), ...world.host };
  const code = await main(argv, io, host);
  return { code, stdout, stderr: said.join(''), cwd };
}

export const EMPTY: Inventory = { formatVersion: 1, topologies: [], uplinks: [], drift: [], errors: [], warnings: [] };

const unexpected = (what: string) => async (): Promise<never> => {
  throw new Error(`the host was asked to ${what}`);
};

/** A host with nothing on it, which nobody may touch unless a test says so. */
const NOTHING: Omit<Host, 'exclusive'> = {
  plan: unexpected('plan'),
  planDestroy: unexpected('plan a removal'),
  apply: unexpected('apply'),
  inventory: async () => EMPTY,
  check: unexpected('check'),
  trace: unexpected('trace'),
  script: unexpected('write a script'),
  recorded: async () => [],
  fileOf: async () => undefined,
  examine: unexpected('examine itself'),
  import: unexpected('be imported'),
  describe: async () => describe,
  record: async () => undefined,
  confirmations: async () => ({}),
  refuseWhilePending: async () => {},
  keepPending: unexpected('keep a change'),
  revertPending: unexpected('go back'),
  session: async () => undefined,
  auditLog: async () => ({ path: '/var/lib/netloom/log.jsonl', entries: [], damaged: 0 }),
};

export function reportOf(plan: Plan, status: Report['status'], rest: Partial<Report> = {}): Report {
  return { plan, status, outcomes: [], remaining: [], warnings: [], ms: 12, ...rest };
}

/** A topology that is right. */
export const topology = (name: string, subnet = '172.30.1.0/24', member = 'web01', bridge = 'br-web', more = ''): string => `version: 1
name: ${name}
subnets:
  web: { ipv4: ${subnet} }
bridges:
  ${bridge}: { subnet: web }
namespaces:
  ${member}: {}
links:
  - [${member}:eth0, ${bridge}]
${more}`;
