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
];
