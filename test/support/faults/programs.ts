import { readFileSync, writeFileSync } from 'node:fs';
import type { ProgramOptions, ProgramResult, RunProgram } from '../../../src/kernel/program.ts';
import * as uapi from '../../../src/kernel/rtnetlink/uapi.ts';
import { request, u16 } from '../../../src/kernel/rtnetlink/wire.ts';
import type { Meter } from './effects.ts';

/** Starts a program with as much of its work as the meter lets happen. A line that is refused is one that `ip` does not understand. */
export async function cutProgram(
  run: RunProgram,
  meter: Meter,
  argv: readonly string[],
  options: ProgramOptions = {},
): Promise<ProgramResult> {
  const [file = '', ...args] = argv;
  if (isReading(argv)) return run(argv, options);
  if (file === 'ip' && args.join(' ') === '-batch -') {
    return run(argv, { ...options, input: text(cutLines(meter, linesOf(options.input ?? ''))) });
  }
  if (file === 'perl') return run(argv, { ...options, input: text(cutVisits(meter, linesOf(options.input ?? ''))) });
  if (file === 'mount' && args[0] === '-T') {
    const table = args[1] ?? '';
    const lines = linesOf(readFileSync(table, 'utf8'));
    const done = meter.happens(lines.map(() => 'mount'));
    // Not through the metered functions' eyes: the table is netloom's own scratch file.
    if (done < lines.length) writeFileSync(table, text(lines.slice(0, done)));
    const result = await run(argv, options);
    return done < lines.length ? refused(argv, 'mount: injected') : result;
  }
  if (meter.happens([sortOf(argv)]) === 1) return run(argv, options);
  return refused(argv, file === 'ip' ? 'RTNETLINK answers: injected' : '/dev/stdin:1:1-1: Error: injected');
}

const refused = (argv: readonly string[], stderr: string): ProgramResult => ({ argv, exitCode: 1, stdout: '', stderr: `${stderr}\n` });

const isReading = (argv: readonly string[]): boolean => {
  const line = argv.join(' ');
  return /^ip .*\b(show|list)\b/.test(line) || /^nft .*\blist\b/.test(line) || /^ip6?tables .*-S/.test(line) || line.includes('--version');
};

/** `nsenter … nft -f -` is nft; `ip link del group 5` is `ip link del`. */
function sortOf(argv: readonly string[]): string {
  const own = argv[0] === 'nsenter' ? argv.slice(2) : argv;
  return own[0] === 'ip' ? own.slice(0, 3).join(' ') : (own[0] ?? '');
}

/** `link add name …` → `ip link add` */
const sortOfLine = (line: string): string => `ip ${line.split(' ').slice(0, 2).join(' ')}`;

function cutLines(meter: Meter, lines: readonly string[]): readonly string[] {
  const done = meter.happens(lines.map(sortOfLine));
  if (done >= lines.length) return lines;
  return meter.refuses ? [...lines.slice(0, done), 'injected'] : lines.slice(0, done);
}

/** A request of a type that there is none of, which the kernel refuses. */
const INJECTED = `0 ${request(1000, uapi.NLM_F_REQUEST | uapi.NLM_F_ACK)}`;

/** What a request (`AT HEX`) does to the host; undefined for one that looks for something. */
function sortOfRequest(line: string): string | undefined {
  const type = u16(Buffer.from(line.split(' ')[1]?.slice(0, 16) ?? '', 'hex'), 4);
  return (type & 3) === 2 ? undefined : `request ${NAMES.get(type) ?? type}`;
}

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(uapi).flatMap(([name, value]) => (name.startsWith('RTM_') ? [[value, name] as const] : [])),
);

function cutRequests(meter: Meter, requests: readonly string[]): readonly string[] {
  const changes = requests.flatMap((line, index) => (sortOfRequest(line) === undefined ? [] : [index]));
  const done = meter.happens(changes.map((index) => sortOfRequest(requests[index] ?? '') ?? ''));
  if (done >= changes.length) return requests;
  return [...requests.slice(0, changes[done]), ...(meter.refuses ? [INJECTED] : [])];
}

/** The input of a driver: for each visit `NAMESPACE SETTINGS REQUESTS LINES`, then so many lines of each sort. */
function cutVisits(meter: Meter, input: readonly string[]): string[] {
  const cut: string[] = [];
  for (let at = 0; at < input.length; ) {
    if (meter.isOver && !meter.refuses) break;
    const [namespace = '', ...counts] = (input[at] ?? '').split(' ');
    const [settings = [], requests = [], commands = []] = counts.map((count, index) => {
      const from = at + 1 + counts.slice(0, index).reduce((sum, one) => sum + Number(one), 0);
      return input.slice(from, from + Number(count));
    });
    at += 1 + settings.length + requests.length + commands.length;
    const done = meter.happens(settings.map(() => 'sysctl'));
    if (done < settings.length) {
      const left = [...settings.slice(0, done), ...(meter.refuses ? ['net/injected=1'] : [])];
      cut.push(`${namespace} ${left.length} 0 0`, ...left);
    } else {
      const left = cutRequests(meter, requests);
      const lines = left === requests ? cutLines(meter, commands) : [];
      cut.push(`${namespace} ${settings.length} ${left.length} ${lines.length}`, ...settings, ...left, ...lines);
    }
  }
  return cut;
}

const linesOf = (input: string): string[] => input.split('\n').filter((line) => line !== '');
const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
