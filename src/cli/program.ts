import { Command, InvalidArgumentError, Option } from 'commander';
import type { Flags } from './context.ts';
import type { Io } from './io.ts';
import { REFERENCE, TARGETS, USAGES, type Usage } from './usage.ts';
import { COMMON, type CommandOption } from './usages/options.ts';
import { versionText } from './version.ts';

/** Called for the one command that the command line names. */
export type Dispatch = (usage: Usage, args: readonly string[], flags: Flags) => Promise<void>;

/** The command line's grammar. Parsing throws CommanderError for help, the version and every wrong use; nothing exits by itself. */
export function buildProgram(io: Io, dispatch: Dispatch): Command {
  const program = new Command('netloom')
    .description("Makes a Linux host's virtual network be what a YAML file says.")
    .usage('COMMAND [options]')
    .version(versionText(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'this help, or that of a command')
    .commandsGroup(REFERENCE)
    .helpCommand('help [command]', 'the same for a command')
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .showHelpAfterError('netloom --help lists the commands')
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      getOutHelpWidth: () => helpWidth(io.stdout.columns),
      getErrHelpWidth: () => helpWidth(io.stderr.columns),
    })
    .addHelpText('after', `\n${TARGETS}\n\nnetloom COMMAND --help explains each, with examples and exit codes.`);
  common(program);
  for (const usage of USAGES) addCommand(program, usage, dispatch);
  return program;
}

function addCommand(program: Command, usage: Usage, dispatch: Dispatch): void {
  const command = program
    .command(usage.args === '' ? usage.name : `${usage.name} ${usage.args}`)
    .helpGroup(usage.group)
    .summary(usage.summary)
    .description(usage.description)
    .usage(`[options] ${usage.synopsis}`.trim())
    .showHelpAfterError(`netloom ${usage.name} --help explains it`)
    .addHelpText('after', helpAfter(usage));
  if (usage.passThrough) command.passThroughOptions();
  for (const one of usage.options) command.addOption(optionOf(one));
  common(command);
  command.addHelpOption(new Option('-h, --help', 'this help').helpGroup(EVERY));
  command.action(async (...given: unknown[]) => {
    // Commander gives the declared arguments, then the options, then the command: all of the first kind are strings or lists of them.
    const args = given
      .slice(0, -2)
      .flat()
      .filter((argument) => typeof argument === 'string');
    await dispatch(usage, args, command.optsWithGlobals<Flags>());
  });
}

function optionOf([flags, text, parse]: CommandOption): Option {
  const option = new Option(flags, text);
  if (parse === undefined) return option;
  return option.argParser((value) => {
    try {
      return parse(value);
    } catch (error) {
      throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
    }
  });
}

const EVERY = 'Every command takes:';

/** What every command takes, before or after its name. */
function common(command: Command): void {
  for (const { flags, text, choices, conflicts } of COMMON) {
    const option = new Option(flags, text).helpGroup(EVERY);
    if (choices !== undefined) option.choices(choices);
    if (conflicts !== undefined) option.conflicts(conflicts);
    command.addOption(option);
  }
}

function helpAfter(usage: Usage): string {
  const column = (rows: readonly (readonly [string, string])[]): string => {
    const width = Math.max(...rows.map(([left]) => left.length));
    return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
  };
  const targets = usage.args.includes('target') ? `\n${TARGETS}\n` : '';
  return `${targets}\nExamples:\n${column(usage.examples)}\n\nExit codes:\n${column([...usage.exits, ['64', 'the command line is wrong']])}`;
}

/** Text lines longer than this are hard to read, however wide the terminal. */
const helpWidth = (columns: number | undefined): number => Math.min(columns ?? 100, 100);
