import { EXIT } from '../exit.ts';
import type { Usage } from './usage.ts';

const GROUP = 'Write topology files:';

/** Commands of this group of the help. */
export const WRITE_USAGES: readonly Usage[] = [
  {
    name: 'init',
    args: '[file]',
    synopsis: '[FILE]',
    group: GROUP,
    summary: 'write a first topology file',
    description:
      'Asks a few questions on a terminal and writes a commented topology file, ./netloom.yaml unless you name another; - is standard output. Proposes a subnet and a port that are free on this host. Never overwrites anything. An option given is a question less; with --yes none is asked.',
    options: [
      ['--name <name>', 'of the topology (default: that of the directory)'],
      ['--namespaces <count>', 'how many (default: 2)'],
      ['--subnet <cidr>', 'their network, IPv4 or IPv6 (default: one that this host has no route to)'],
      ['--publish <ports>', 'HOSTPORT:PORT, a port of the host that leads to the first namespace; no: none (default: 8080:80)'],
      ['-y, --yes', 'do not ask'],
    ],
    examples: [
      ['netloom init', 'four questions, then ./netloom.yaml'],
      ['netloom init lab.yaml --yes', 'what would be proposed, in a script'],
      ['netloom init - --yes --namespaces 20 --subnet fd00:80:1::/64', 'look at it first'],
    ],
    exits: [
      ['0', 'written'],
      ['1', 'an error, the file is there already, or the questions were broken off: nothing was written'],
    ],
    failure: EXIT.error,
    document: { file: null, topology: null, text: null },
    load: () => import('../commands/init.ts'),
  },
  {
    name: 'pin',
    args: '<targets...>',
    synopsis: 'TARGET...',
    group: GROUP,
    summary: 'write allocated addresses and ports into the file',
    description:
      'Writes the addresses that netloom handed out and the host ports that it derived into the topology file, so that a later edit cannot move them. Comments, layout and everything else stay; so does what the file stands for. A second time changes nothing. What stands for several at once (a range) or stands behind an anchor is left, with a warning. Does not look at the host. With - the text goes to standard output.',
    options: [
      ['--expand', 'write ranges of links and ports out, one item for each'],
      ['--dry-run', 'only say what would be written'],
    ],
    examples: [
      ['netloom pin lab.yaml', 'before something is put in between'],
      ['netloom pin lab.yaml --dry-run', 'which address has which interface?'],
      ['netloom pin - < lab.yaml | diff lab.yaml -', 'what would the file look like?'],
    ],
    exits: [
      ['0', 'pinned, or nothing to pin; what was left is a warning'],
      ['1', 'a file is wrong or cannot be written'],
    ],
    failure: EXIT.error,
    document: { topologies: [], dryRun: false },
    load: () => import('../commands/pin.ts'),
  },
];
