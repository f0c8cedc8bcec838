import { USAGES, type Usage } from '../usage.ts';

const BEGIN = '<!-- commands: written by npm run generate from src/cli/usages -->';
const END = '<!-- /commands -->';

/** docs/commands.md with the part between its marks as `--help` has it. */
export function withCommands(page: string): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin === -1 || end < begin) throw new Error('docs/commands.md has lost the marks between which the commands are written');
  return `${page.slice(0, begin) + BEGIN}\n\n${overview()}\n\n${USAGES.map(sectionOf).join('\n\n')}\n\n${page.slice(end)}`;
}

function overview(): string {
  const rows = USAGES.map(({ name, synopsis, summary, exits }) => [
    `[\`netloom ${`${name} ${synopsis}`.trim().replaceAll('|', '\\|')}\`](#netloom-${name})`,
    summary,
    exits.map(([code]) => (code === '*' ? "the command's" : code)).join(', '),
  ]);
  return table([['command', 'does', 'exit codes'], ...rows]);
}

function sectionOf(usage: Usage): string {
  const options = usage.options.map(([flags, text]) => [code(flags), cell(text)]);
  const exits = usage.exits.map(([exit, text]) => [exit === '*' ? 'other' : exit, cell(text)]);
  return [
    `### netloom ${usage.name}`,
    usage.description,
    ...(options.length === 0 ? [] : [table([['option', ''], ...options])]),
    ['```sh', ...lines(usage.examples), '```'].join('\n'),
    table([['exit code', 'means'], ...exits]),
  ].join('\n\n');
}

function lines(examples: Usage['examples']): string[] {
  const width = Math.max(...examples.map(([command]) => command.length));
  return examples.map(([command, text]) => `${command.padEnd(width)}  # ${text}`);
}

const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;

/** What Markdown would take for a tag or the end of a cell. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');

function table(rows: readonly (readonly string[])[]): string {
  const columns = rows[0]?.length ?? 0;
  const widths = Array.from({ length: columns }, (_, index) => Math.max(3, ...rows.map((row) => row[index]?.length ?? 0)));
  const line = (row: readonly string[]): string => `| ${widths.map((width, index) => (row[index] ?? '').padEnd(width)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body.map(line)].join('\n');
}
