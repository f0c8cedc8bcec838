import { type Finding, type HealthGroup, isReady } from '../model/health.ts';
import { groupBy } from './group.ts';
import { glyphs, type Style } from './style.ts';
import { align } from './table.ts';
import { plural, visible } from './text.ts';

const TITLES: Readonly<Record<HealthGroup, string>> = {
  programs: 'Programs',
  kernel: 'Kernel',
  privileges: 'Privileges',
  files: 'Directories',
  firewalls: 'Other firewalls',
  settings: 'Settings',
  services: 'Network services',
  leftovers: 'Leftovers',
  topologies: 'Topologies',
};

/** Findings under the titles of their groups, each with its sign, and under what is not right what to do. `quiet` leaves only that. */
export function renderFindings(findings: readonly Finding[], style: Style, quiet = false): string {
  const shown = quiet ? findings.filter(({ verdict }) => verdict !== 'ok') : findings;
  return [...groupBy(shown, ({ group }) => group)]
    .map(([group, members]) => [style.colors.bold(TITLES[group]), ...linesOf(members, style)].join('\n'))
    .join('\n\n');
}

function linesOf(findings: readonly Finding[], style: Style): string[] {
  const rows = align(findings.map(({ subject, message }) => [visible(subject), visible(message)]));
  const indent = ' '.repeat(signOf('ok', style).width + 3);
  return findings.flatMap((finding, index) => {
    const { text } = signOf(finding.verdict, style);
    const row = `  ${text} ${rows[index] ?? ''}`;
    if (finding.verdict === 'ok') return [row];
    return [`${row} ${style.colors.dim(`(${finding.code})`)}`, ...(finding.fix === '' ? [] : [`${indent}${visible(finding.fix)}`])];
  });
}

function signOf(verdict: Finding['verdict'], style: Style): { readonly text: string; readonly width: number } {
  const { passed, failed, warned } = glyphs(style);
  const width = Math.max(passed.length, failed.length, warned.length);
  switch (verdict) {
    case 'ok':
      return { text: style.colors.green(passed.padEnd(width)), width };
    case 'warning':
      return { text: style.colors.yellow(warned.padEnd(width)), width };
    case 'failed':
      return { text: style.colors.red(failed.padEnd(width)), width };
  }
  return verdict satisfies never;
}

/** `ready; 2 warnings`, `not ready: 1 thing is in the way; 2 warnings`. */
export function renderReadiness(findings: readonly Finding[], style: Style): string {
  const count = (verdict: Finding['verdict']): number => findings.filter((finding) => finding.verdict === verdict).length;
  const [failed, warnings] = [count('failed'), count('warning')];
  const rest = warnings === 0 ? '' : `; ${plural(warnings, 'warning')}`;
  if (isReady(findings)) return `${style.colors.green('ready')}${rest}`;
  return `${style.colors.red('not ready')}: ${plural(failed, 'thing')} ${failed === 1 ? 'is' : 'are'} in the way${rest}`;
}

/** The body of `doctor --json`, without errors. */
export const findingsJson = (findings: readonly Finding[]) => ({
  ready: isReady(findings),
  findings: findings.map((finding) => ({
    group: finding.group,
    subject: finding.subject,
    verdict: finding.verdict,
    message: finding.message,
    code: finding.verdict === 'ok' ? null : finding.code,
    fix: finding.verdict === 'ok' ? null : finding.fix,
  })),
});
