import { EXIT } from '../exit.ts';
import type { Usage } from './usage.ts';

const GROUP = 'Reference:';

/** Commands of this group of the help. */
export const REFERENCE_USAGES: readonly Usage[] = [
  {
    name: 'schema',
    args: '',
    synopsis: '',
    group: GROUP,
    summary: 'print the JSON Schema of topology files',
    description:
      'Prints the JSON Schema of topology files, for editors: a first line `# yaml-language-server: $schema=PATH` makes them complete and check.',
    options: [],
    examples: [['netloom schema > topology.schema.json', 'next to your files']],
    exits: [['0', 'printed']],
    failure: EXIT.error,
    document: {},
    load: () => import('../commands/schema.ts'),
  },
  {
    name: 'completion',
    args: '<shell>',
    synopsis: 'bash|zsh|fish',
    group: GROUP,
    summary: 'completion for a shell',
    description:
      'Prints a script that has bash, zsh or fish complete commands, options and their values, topologies and files, namespaces and interfaces. The words come from netloom itself, so that the script need not be renewed with it.',
    options: [],
    examples: [
      ['source <(netloom completion bash)', 'bash: in ~/.bashrc'],
      ['netloom completion zsh > ~/.zfunc/_netloom', 'zsh: into a directory of $fpath, before compinit'],
      ['netloom completion fish > ~/.config/fish/completions/netloom.fish', 'fish'],
    ],
    exits: [['0', 'printed']],
    failure: EXIT.error,
    document: { shell: null, script: null },
    load: () => import('../commands/completion.ts'),
  },
];
