import type { Remark } from '../model/report.ts';
import { FORMAT_VERSION, remarkJson, renderJson } from '../render/json.ts';
import { renderRemark } from '../render/remark.ts';
import { type Style, styleOf } from '../render/style.ts';
import type { Host } from './host.ts';
import type { Io } from './io.ts';

/** Every flag of every command; each command knows which are its own. */
export interface Flags {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color?: string;
  readonly adopt?: boolean;
  readonly verify?: boolean;
  readonly script?: boolean;
  /** Where a plan is saved. */
  readonly out?: string;
  /** A saved plan to carry out (apply); what it would do is drawn (graph). */
  readonly plan?: string | true;
  /** How many entries of the audit trail; 0 for all. */
  readonly count?: number;
  readonly all?: boolean;
  readonly yes?: boolean;
  readonly force?: boolean;
  readonly prune?: boolean;
  readonly once?: boolean;
  readonly destroyOnExit?: boolean;
  /** In milliseconds; 0: never. */
  readonly resync?: number;
  readonly keepGoing?: boolean;
  /** How long there is to confirm, in milliseconds. */
  readonly confirm?: number;
  readonly status?: boolean;
  readonly revert?: boolean;
  /** In milliseconds. */
  readonly lockTimeout?: number;
  readonly listen?: string;
  readonly listenRemote?: boolean;
  readonly format?: string;
  readonly theme?: string;
  readonly live?: boolean;
  readonly plain?: boolean;
  /** Write ranges out. */
  readonly expand?: boolean;
  readonly dryRun?: boolean;
  /** The name of the topology to write (`init`, `import`). */
  readonly name?: string;
  /** The other answers to the questions of `init`, as written. */
  readonly namespaces?: string;
  readonly subnet?: string;
  readonly publish?: string;
  /** The names given are networks of Docker's (`import`). */
  readonly docker?: boolean;
  readonly ipv4?: boolean;
  readonly ipv6?: boolean;
  readonly serve?: boolean;
  /** In milliseconds. */
  readonly timeout?: number;
}

/** The command line. */
export interface Invoked {
  /** The command's name. */
  readonly command: string;
  /** All words after the program's name. */
  readonly argv: readonly string[];
}

/** What a command works with: its flags, the host, and the only ways to say something. */
export interface Context {
  readonly io: Io;
  readonly flags: Flags;
  readonly host: Host;
  readonly invoked: Invoked;
  /** Styles of standard output and standard error; one may be a terminal and the other a pipe. */
  readonly out: Style;
  readonly err: Style;
  /** A result: standard output, unless the result is a document. */
  print(text: string): void;
  /** A remark for people: standard error. Errors are said always, the rest not under -q, and with --json only in the document. */
  tell(remark: Remark, severity: 'error' | 'warning' | 'note'): void;
  /** Text for standard error as it is; not under -q or --json. */
  aside(text: string): void;
  /** The one document of --json. */
  document(body: object, errors?: readonly Remark[], warnings?: readonly Remark[]): void;
}

/** What a command's module exports. Returns the exit code; throws what makes it fail as a whole. */
export type Run = (context: Context, args: readonly string[]) => Promise<number>;

export function createContext(io: Io, flags: Flags, host: Host, invoked: Invoked): Context {
  const style = (stream: Io['stdout']): Style =>
    styleOf({
      env: io.env,
      terminal: stream.isTTY === true,
      columns: stream.columns,
      color: flags.color,
      verbose: flags.verbose,
      plain: flags.plain,
    });
  const [out, err] = [style(io.stdout), style(io.stderr)];
  return {
    io,
    flags,
    host,
    invoked,
    out,
    err,
    print: (text) => {
      if (!flags.json && text !== '') io.stdout.write(`${text}\n`);
    },
    tell: (remark, severity) => {
      if (severity === 'error' || !(flags.quiet || flags.json)) io.stderr.write(`${renderRemark(remark, severity, err)}\n`);
    },
    aside: (text) => {
      if (!(flags.quiet || flags.json) && text !== '') io.stderr.write(`${text}\n`);
    },
    document: (body, errors = [], warnings = []) => {
      if (!flags.json) return;
      const document = { formatVersion: FORMAT_VERSION, ...body, errors: errors.map(remarkJson), warnings: warnings.map(remarkJson) };
      io.stdout.write(`${renderJson(document)}\n`);
    },
  };
}
