import type { Uplink } from '../../model/report.ts';
import { publishTexts } from '../change/publish.ts';
import { groupBy } from '../group.ts';
import { byNature } from '../text.ts';
import type { Cell, Line } from './graph.ts';
import type { Marking } from './marks.ts';
import type { Subjects } from './subjects.ts';

/** Published ports as a reader asks for them: the host's side, and where it leads. Ranges are one. */
export function portCells({ publishes }: Subjects, marking: Marking): Cell[] {
  const alike = groupBy(publishes, (publish) => `${publish.namespace} ${marking.ofPublish(publish) ?? ''}`);
  return [...alike.values()]
    .flatMap((group) => {
      const [first] = group;
      const mark = first && marking.ofPublish(first);
      return publishTexts(group).map((text): Cell => {
        const { hostSide, port } = split(text);
        const lines: Line[] = [{ text: `→ ${first?.namespace}:${port}`, tone: 'address' }];
        return { id: `publish:${text}`, name: hostSide, lines, ...(mark === undefined ? {} : { mark }) };
      });
    })
    .toSorted((a, b) => byNature(a.name, b.name));
}

/** `192.0.2.1:8080:80/tcp@eth0` → what is asked for, `192.0.2.1:8080 on eth0`, and the port that it leads to, `80/tcp`. */
function split(text: string): { readonly hostSide: string; readonly port: string } {
  const [, hostSide = text, port = '', device] = /^(.*):([\d-]+\/\w+)(?:@(\S+))?$/.exec(text) ?? [];
  return { hostSide: device === undefined ? hostSide : `${hostSide} on ${device}`, port };
}

/** The ways out, as the live host has them; nothing where it was not asked. */
export function uplinkLines(uplinks: readonly Uplink[] | undefined): Line[] {
  if (uplinks === undefined) return [];
  if (uplinks.length === 0) return [{ text: 'the host has no default route', tone: 'note' }];
  return uplinks.flatMap(({ name, up, addresses }): Line[] => [
    { text: `via ${name}`, tone: 'note', ...(up ? {} : { mark: 'down' as const }) },
    ...addresses.map((text): Line => ({ text, tone: 'address' })),
  ]);
}
