import { readFileSync, writeFileSync } from 'node:fs';
import { faultRows } from './faults/table.ts';

const PAGE = new URL('../../README.md', import.meta.url);
const BEGIN = '<!-- faults: written by `npx vitest run test/faults/table.test.ts -u` from docs/safety.md -->';
const END = '<!-- /faults -->';

/** What README sums up the rows of docs/safety.md under; the first that fits counts. */
const GROUPS: readonly (readonly [title: string, fits: RegExp])[] = [
  ['files and output made up or mutilated', /^2,000|prints something|mutat|fuzz|truncat|garbage/i],
  ['a change that waits to be confirmed', /confirm|uplink|terminal|guard/i],
  ['killed', /kill -9|killed/i],
  ['somebody at work in a namespace that is to go', /process of somebody/i],
  ['disk full', /full|no space/i],
  [
    'stopped, or the host changed, between plan and apply',
    /stopped|SIGSTOP|vanishes|moved away|takes a |rejects|between plan and apply|in between/i,
  ],
  ['an operation fails', /fails|refused/i],
  ['read meanwhile', /`show`|reader|reads|while a topology comes/i],
  ['a hostile environment', /\bin PATH|LD_|locale|umask|environment/i],
  ['privileges missing, or not to be gained', /CAP_|privilege|sandbox|user namespace/i],
  ['traps in /run/netns and /etc/netns', /netns|hosts file/i],
  ['saved plans and the audit trail', /saved plan|audit/i],
];

/** README as it should be: one line a group, counted and told from the rows. Throws where a row is in no group. */
export function readmeWithFaults(): { readonly is: string; readonly shouldBe: string } {
  const is = readFileSync(PAGE, 'utf8');
  const [before, after] = [is.split(BEGIN)[0], is.split(END)[1]];
  if (before === undefined || after === undefined) throw new Error(`README.md has no ${BEGIN} … ${END}`);
  const rows = [...faultRows()].map(([fault, happens]) => ({ fault, happens, title: titleOf(fault) }));
  const lines = GROUPS.flatMap(([title]) => {
    const own = rows.filter((row) => row.title === title);
    const outcomes = [...new Set(own.map(({ happens }) => happens))].sort();
    return own.length === 0 ? [] : [[title, String(own.length), outcomes.join('<br>')]];
  });
  const head = [`${rows.length} faults tried`, 'number', 'what happens'];
  return { is, shouldBe: `${before}${BEGIN}\n\n${aligned([head, ...lines])}\n${END}${after}` };
}

export const writeReadme = (text: string): void => writeFileSync(PAGE, text);

function titleOf(fault: string): string {
  const found = GROUPS.find(([, fits]) => fits.test(fault));
  if (found === undefined) throw new Error(`test/support/fault-groups.ts has no group for: ${fault}`);
  return found[0];
}

function aligned([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |\n`;
  return [head, widths.map((width) => '-'.repeat(width)), ...rows].map(line).join('');
}
