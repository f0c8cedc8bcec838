import type { CheckResult } from '../model/report.ts';
import type { Check } from '../model/topology.ts';
import { groupBy } from './group.ts';
import { glyphs, type Style } from './style.ts';
import { align } from './table.ts';
import { duration, plural, visible, wrap } from './text.ts';

/** Probes of one check that passed in one line; more than this are said by number. */
const NAMED = 3;

/** A line for each check that held, and one for each probe that did not. `quiet` leaves only what failed. */
export function renderChecks(results: readonly CheckResult[], style: Style, quiet = false): string {
  const rows = [...groupBy(results, ({ check }) => check)].flatMap(([check, probes]) => rowsOf(check, probes, style, quiet));
  const lines = align(
    rows.map(({ cells }) => cells),
    [],
    style,
  );
  const signed = lines.map((line, index) => `${signOf(rows[index]?.passed === true, style)} ${line}`);
  return signed.map((line) => (style.words ? line : wrap(`  ${line}`, style.width, 6))).join('\n');
}

interface Row {
  readonly passed: boolean;
  readonly cells: readonly string[];
}

function rowsOf(check: Check, probes: readonly CheckResult[], style: Style, quiet: boolean): Row[] {
  const failed = probes.filter((probe) => !probe.passed);
  const passed = quiet ? [] : probes.filter((probe) => probe.passed);
  const together = passed.length > NAMED && !style.verbose;
  return [
    ...(together
      ? [{ passed: true, cells: summaryOf(check, passed, style) }]
      : passed.map((probe) => ({ passed: true, cells: cellsOf(probe, style) }))),
    ...failed.map((probe) => ({ passed: false, cells: cellsOf(probe, style) })),
  ];
}

function cellsOf(probe: CheckResult, style: Style): string[] {
  const address = probe.address === undefined || probe.address === probe.to ? '' : ` (${probe.address})`;
  const pair = `${probe.from} ${glyphs(style).arrow} ${probe.to}${address}`;
  const { file, line, column } = probe.check.origin;
  const end = probe.passed
    ? `${wordOf(probe.expected)}${style.verbose ? ` in ${duration(probe.ms)}` : ''}`
    : `${failureOf(probe)}  ${file}:${line}:${column}`;
  return [visible(pair), probeText(probe.check), visible(end)];
}

/** What was seen may be as expected and the server have seen another source. */
const failureOf = (probe: CheckResult): string =>
  probe.seen === probe.expected
    ? `${wordOf(probe.expected)}, but ${probe.reason ?? 'not as expected'}`
    : `expected ${probe.expected}, was ${probe.seen}${reasonOf(probe)}`;

/** Only what has not been said: `expected refused` is no news. */
const reasonOf = ({ reason, expected }: CheckResult): string =>
  reason === undefined || reason === `expected ${expected}` ? '' : `: ${reason}`;

function summaryOf(check: Check, passed: readonly CheckResult[], style: Style): string[] {
  const names = (of: (probe: CheckResult) => string): string => {
    const all = [...new Set(passed.map(of))];
    return all.length > NAMED ? `${all[0]}${glyphs(style).range}${all.at(-1)}` : all.join(', ');
  };
  const pair = `${names((probe) => probe.from)} ${glyphs(style).arrow} ${names((probe) => probe.to)}`;
  return [visible(pair), probeText(check), `${wordOf(check.expect)}, ${plural(passed.length, 'probe')}`];
}

const wordOf = (expected: Check['expect']): string => (expected === 'reachable' ? 'reachable' : `${expected}, as expected`);

export const probeText = ({ probe }: Check): string => (probe.kind === 'ping' ? 'ping' : `${probe.kind} ${probe.port}`);

function signOf(passed: boolean, style: Style): string {
  const { passed: yes, failed: no } = glyphs(style);
  const width = style.words ? 0 : Math.max(yes.length, no.length);
  return passed ? style.colors.green(yes.padEnd(width)) : style.colors.red(no.padEnd(width));
}

/** `4 checks passed`, `3 probes passed, 1 failed`. */
export function renderChecksSummary(results: readonly CheckResult[], style: Style): string {
  const failed = results.filter((result) => !result.passed).length;
  const passed = results.length - failed;
  if (failed === 0) return style.colors.green(`${plural(passed, 'probe')} passed`);
  return `${plural(passed, 'probe')} passed, ${style.colors.red(`${failed} failed`)}`;
}
