import type { Run } from './context.ts';
import { EXIT } from './exit.ts';

/** Everything about a command but what it does: its help, its options, and where its code is. */
export interface Usage {
  readonly name: string;
  /** In commander's notation: `[targets...]`. */
  readonly args: string;
  /** The same as people read it. */
  readonly synopsis: string;
  readonly group: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  readonly description: string;
  /** Flags and what they do, besides those of every command. */
  readonly options: readonly (readonly [flags: string, text: string])[];
  readonly examples: readonly (readonly [command: string, text: string])[];
  readonly exits: readonly (readonly [code: string, text: string])[];
  /** What follows the first argument is another program's command line. */
  readonly passThrough?: true;
  /** Exit code where netloom itself fails. */
  readonly failure: number;
  /** The fields of its document, empty, for a failure before there is anything to put in. */
  readonly document: object;
  load(): Promise<{ readonly run: Run }>;
}

const SEE = 'Look, change nothing:';
const CHANGE = 'Change the host:';
const INSIDE = 'Go inside:';
export const REFERENCE = 'Reference:';

export const TARGETS = `A TARGET with a slash or ending in .yaml or .yml is a path, a directory means every *.yaml and *.yml in it,
- is standard input, anything else is the name of a topology. Without one: ./netloom.yaml, else topologies/.`;

const ADOPT = ['--adopt', "take over what is there under a wanted name and is not netloom's"] as const;
const PLAN_DOCUMENT = { topologies: [], changes: [], summary: { create: 0, update: 0, replace: 0, delete: 0 }, blockers: [] };
const REPORT_DOCUMENT = { ...PLAN_DOCUMENT, outcomes: [], remaining: [] };

export const USAGES: readonly Usage[] = [
  {
    name: 'validate',
    args: '[targets...]',
    synopsis: '[TARGET...]',
    group: SEE,
    summary: 'check topology files',
    description:
      'Checks topology files and reports everything that is wrong with them at once. Needs no privileges and does not look at the host.',
    options: [],
    examples: [
      ['netloom validate', 'the files of this directory'],
      ['netloom validate lab.yaml', 'one file'],
      ['generate-lab | netloom validate -', 'what another program writes'],
    ],
    exits: [
      ['0', 'all files are right'],
      ['1', 'some are not'],
    ],
    failure: EXIT.error,
    document: { topologies: [] },
    load: () => import('./commands/validate.ts'),
  },
  {
    name: 'plan',
    args: '[targets...]',
    synopsis: '[TARGET...]',
    group: SEE,
    summary: 'show what apply would change',
    description:
      'Compares topology files with the host and shows what would be created, changed in place, replaced or removed. Changes nothing.',
    options: [ADOPT, ['--script', 'print the same work as a shell script of ip, nft and sysctl lines']],
    examples: [
      ['netloom plan lab.yaml', 'what would change, for people'],
      ['netloom plan lab.yaml --json | jq .summary', 'and for programs'],
      ['netloom plan lab.yaml --script > lab.sh', 'what one would do by hand'],
    ],
    exits: [
      ['0', 'nothing to do'],
      ['2', 'there are changes'],
      ['1', 'an error, or something is in the way'],
    ],
    failure: EXIT.error,
    document: PLAN_DOCUMENT,
    load: () => import('./commands/plan.ts'),
  },
  {
    name: 'show',
    args: '[name]',
    synopsis: '[NAME]',
    group: SEE,
    summary: 'who is connected to whom, through what',
    description:
      "Shows what netloom owns on this host: namespaces and their interfaces with the host's end of each, bridges, addresses, published ports, and what differs from the files. -v adds MTUs, MACs and routes; -q prints names alone.",
    options: [],
    examples: [
      ['netloom show', 'everything'],
      ['netloom show shop', 'one topology'],
      ['netloom show | grep web01-eth0', 'whose interface is that?'],
    ],
    exits: [
      ['0', 'shown'],
      ['1', 'an error, or netloom owns nothing of that name'],
    ],
    failure: EXIT.error,
    document: { topologies: [], drift: [] },
    load: () => import('./commands/show.ts'),
  },
  {
    name: 'verify',
    args: '[targets...]',
    synopsis: '[TARGET...]',
    group: SEE,
    summary: 'run the checks of the files',
    description:
      'Runs the `checks` of topology files on this host: pings and connections between namespaces, with a temporary listener where none listens.',
    options: [],
    examples: [
      ['netloom verify lab.yaml', 'every check'],
      ['netloom verify lab.yaml -q', 'only what fails'],
    ],
    exits: [
      ['0', 'all held'],
      ['5', 'some did not'],
      ['1', 'an error'],
    ],
    failure: EXIT.error,
    document: { topologies: [], checks: [], summary: { passed: 0, failed: 0 } },
    load: () => import('./commands/verify.ts'),
  },
  {
    name: 'apply',
    args: '[targets...]',
    synopsis: '[TARGET...]',
    group: CHANGE,
    summary: 'make the host be what the files say',
    description:
      'Shows the plan and carries it out, in place where the kernel allows it. Does not ask. What fails is rolled back. A second run changes nothing. Removes what left the file, never a topology whose file is not given.',
    options: [ADOPT, ['--verify', 'run the checks afterwards']],
    examples: [
      ['netloom apply lab.yaml', 'converge'],
      ['netloom apply topologies/ --verify', 'every file, then their checks'],
      ['netloom sandbox -- netloom apply lab.yaml', 'the same on a throw-away host'],
    ],
    exits: [
      ['0', 'converged'],
      ['1', 'nothing was changed: an error, or something is in the way'],
      ['3', 'failed and rolled back'],
      ['4', 'failed, not all rolled back'],
      ['5', 'converged, but a check failed'],
      ['75', 'another netloom is at work'],
    ],
    failure: EXIT.error,
    document: REPORT_DOCUMENT,
    load: () => import('./commands/apply.ts'),
  },
  {
    name: 'destroy',
    args: '[targets...]',
    synopsis: '[TARGET...]',
    group: CHANGE,
    summary: 'remove what a topology owns',
    description:
      'Removes everything that topologies own on this host, remnants of a crash included, and nothing else. By name it works without the file. Asks on a terminal. That nothing is there is fine.',
    options: [
      ['--all', 'every topology of this host'],
      ['-y, --yes', 'do not ask'],
      ['--force', 'go on where processes keep a namespace alive'],
    ],
    examples: [
      ['netloom destroy shop', 'by name'],
      ['netloom destroy lab.yaml --yes', 'by file, in a script'],
      ['netloom destroy --all', "everything of netloom's"],
    ],
    exits: [
      ['0', 'gone, or was not there'],
      ['1', 'nothing was changed: an error, something is in the way, or the answer was no'],
      ['3', 'failed and rolled back'],
      ['4', 'failed, something is left'],
      ['75', 'another netloom is at work'],
    ],
    failure: EXIT.error,
    document: REPORT_DOCUMENT,
    load: () => import('./commands/destroy.ts'),
  },
  {
    name: 'exec',
    args: '<namespace> [command...]',
    synopsis: 'NAMESPACE [-- COMMAND...]',
    group: INSIDE,
    summary: 'run a command in a namespace',
    description: `Runs a command, or a shell, in a network namespace, with the namespace's own /etc/hosts and /etc/resolv.conf, as \`ip netns exec\` does. Options go before the namespace. --json waits and puts status and output into a document.`,
    options: [],
    examples: [
      ['netloom exec web01 -- ping -c1 web02', 'one command'],
      ['netloom exec web01', 'a shell'],
    ],
    exits: [
      ['*', "the command's own; 128+n where signal n ended it"],
      ['125', 'netloom failed: no such namespace, no privilege'],
      ['126', 'the command cannot be executed'],
      ['127', 'the command was not found'],
    ],
    passThrough: true,
    failure: EXIT.ownFailure,
    document: { namespace: null, command: [], exitCode: null, stdout: '', stderr: '' },
    load: () => import('./commands/exec.ts'),
  },
  {
    name: 'sandbox',
    args: '[command...]',
    synopsis: '[-- COMMAND...]',
    group: INSIDE,
    summary: 'a throw-away host to try things in',
    description:
      'Runs a command, or a shell, on a throw-away host: network and mount namespaces of its own, in a user namespace where you are not root. Everything in it is gone when it ends. --json waits and puts status and output into a document.',
    options: [],
    examples: [
      ['netloom sandbox', 'a shell to play in'],
      ['netloom sandbox -- netloom apply lab.yaml --verify', 'does that file hold?'],
    ],
    exits: [
      ['*', "the command's own; 128+n where signal n ended it"],
      ['125', 'there can be no sandbox here; the message says why'],
      ['126', 'the command cannot be executed'],
      ['127', 'the command was not found'],
    ],
    passThrough: true,
    failure: EXIT.ownFailure,
    document: { command: [], exitCode: null, stdout: '', stderr: '' },
    load: () => import('./commands/sandbox.ts'),
  },
  {
    name: 'schema',
    args: '',
    synopsis: '',
    group: REFERENCE,
    summary: 'print the JSON Schema of topology files',
    description:
      'Prints the JSON Schema of topology files, for editors: a first line `# yaml-language-server: $schema=PATH` makes them complete and check.',
    options: [],
    examples: [['netloom schema > topology.schema.json', 'next to your files']],
    exits: [['0', 'printed']],
    failure: EXIT.error,
    document: {},
    load: () => import('./commands/schema.ts'),
  },
];
