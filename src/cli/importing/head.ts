import type { WrittenTopology } from '../../model/written.ts';
import { plural } from '../../render/text.ts';

/** The head of a file that was written from the live state. `words`: the command line; `file`: where it goes; `owned`: it is netloom's already. */
export function headOf(
  words: readonly string[],
  { name, bridges, namespaces }: WrittenTopology,
  file: string,
  owned: boolean,
  omitted: number,
): string[] {
  const list = (what: string, entries: object): string[] => {
    const names = Object.keys(entries);
    return names.length === 0 ? [] : [`  ${what}: ${names.join(', ')}`];
  };
  return [
    `What was there, by \`netloom import ${words.join(' ')}\`.`,
    '',
    ...(owned
      ? [`All of it is netloom's already, of the topology ${name}: \`netloom plan ${file}\` says so by being empty.`]
      : [
          "Nothing of it is netloom's yet, and `netloom apply` refuses to touch it. What it would take over, with its links and addresses:",
          ...list('bridges', bridges),
          ...list('namespaces', namespaces),
          `\`netloom plan --adopt ${file}\` shows how: marks are put on (groups, long names, hosts files), and namespaces get netloom's`,
          'settings. Rules of other tools stay where they are.',
        ]),
    ...(omitted === 0 ? [] : [`${plural(omitted, 'thing')} could not be said: look for "left out" and "would change".`]),
    'Not in the kernel, so not in here: description, checks, ranges, and which addresses were automatic.',
  ];
}
