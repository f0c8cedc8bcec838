import { EXIT } from '../exit.ts';
import type { Usage } from './usage.ts';

const GROUP = 'Go inside:';

/** Commands of this group of the help. */
export const INSIDE_USAGES: readonly Usage[] = [
  {
    name: 'exec',
    args: '<namespace> [command...]',
    synopsis: 'NAMESPACE [-- COMMAND...]',
    group: GROUP,
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
    load: () => import('../commands/exec.ts'),
  },
  {
    name: 'sandbox',
    args: '[command...]',
    synopsis: '[-- COMMAND...]',
    group: GROUP,
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
    load: () => import('../commands/sandbox.ts'),
  },
];
