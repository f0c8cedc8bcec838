import { DOOMED_GROUP, LINK_GROUP, parseAltname } from './marks.ts';
import type { LinkState, Snapshot } from './snapshot.ts';

/** Which topology a link bears the marks of, with its file where that is known: `shop (lab.yaml)`. */
export function topologyOfLink(link: LinkState, snapshot: Snapshot): { readonly name: string; readonly text: string } | undefined {
  if (link.group !== LINK_GROUP && link.group !== DOOMED_GROUP) return undefined;
  const name = link.altnames.map(parseAltname).find((parsed) => parsed !== undefined)?.topology;
  const file = name === undefined ? undefined : snapshot.records.get(name)?.file;
  return name === undefined ? undefined : { name, text: file === undefined ? name : `${name} (${file})` };
}
