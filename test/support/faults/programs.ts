import { readFileSync, writeFileSync } from 'node:fs';
import type { ProgramOptions, ProgramResult, RunProgram } from '../../../src/kernel/program.ts';
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
  if (file === 'sh' && args[0] === '-c' && args[2] === 'sh')
    return run([file, ...args.slice(0, 4), ...cutVisits(meter, args.slice(4))], options);
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

/** Words of a driver shell: namespace, sysctls to write, lines for `ip`; three for each visit. */
function cutVisits(meter: Meter, words: readonly string[]): string[] {
  const cut: string[] = [];
  for (let at = 0; at + 2 < words.length; at += 3) {
    if (meter.isOver && !meter.refuses) break;
    const [namespace = '', sysctls = '', lines = ''] = words.slice(at, at + 3);
    const pairs = linesOf(sysctls);
    const done = meter.happens(pairs.map(() => 'sysctl'));
    if (done < pairs.length) {
      const left = [...pairs.slice(0, done), ...(meter.refuses ? ['net/injected=1'] : [])];
      cut.push(namespace, left.join('\n'), '');
    } else {
      cut.push(namespace, sysctls, cutLines(meter, linesOf(lines)).join('\n'));
    }
  }
  return cut;
}

const linesOf = (input: string): string[] => input.split('\n').filter((line) => line !== '');
const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
