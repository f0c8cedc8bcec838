import type { Topology } from '../../model/topology.ts';
import { edited } from './edits.ts';
import { joined, type Left, openFile, type Pinned } from './file.ts';
import { pinLinks } from './links.ts';
import { pinPorts } from './ports.ts';

export type { Left, Pinned } from './file.ts';

export interface PinResult {
  /** The file's text with everything in it that could be written; comments and layout are as they were. */
  readonly text: string;
  readonly pinned: readonly Pinned[];
  readonly left: readonly Left[];
}

/**
 * Writes the addresses and host ports that netloom chose into a file, which from then on says them itself. The text must be that of the
 * topology. `expand`: ranges are written out where one item cannot say what each of them has; otherwise they are left.
 */
export function pin(source: string, topology: Topology, { expand }: { readonly expand: boolean }): PinResult {
  const file = openFile(source, topology, expand);
  const { edits, pinned, left } = joined([pinLinks(file), pinPorts(file)]);
  return { text: edited(source, edits), pinned, left: left.toSorted((a, b) => a.line - b.line || a.column - b.column) };
}
