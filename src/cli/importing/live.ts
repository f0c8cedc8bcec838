import type { Kernel } from '../../model/kernel.ts';
import { importLive, readLive, surveyHost } from '../../pipeline/import/live.ts';
import { ownersOf } from '../../pipeline/import/scene.ts';
import { choose } from './choose.ts';
import { headOf } from './head.ts';
import { type Settled, settle } from './settle.ts';

export interface ImportRequest {
  readonly names: readonly string[];
  /** Whether `names` are networks of Docker's. */
  readonly docker: boolean;
  /** The topology's name; absent: one that suits. */
  readonly name?: string;
  /** Where the file is to go, for messages. */
  readonly file: string;
  /** The words of the command line, for the file's head. */
  readonly words: readonly string[];
}

/** The live state of bridges and namespaces as a file. Throws HostError where a name is unknown. */
export async function importNamed(kernel: Kernel, { names, name, file, words }: ImportRequest): Promise<Settled> {
  const survey = await surveyHost(kernel);
  const selection = choose(names, name, survey);
  const snapshot = await readLive(kernel, survey, selection);
  const owned = ownersOf(snapshot, selection).join() === selection.name;
  return settle(importLive(snapshot, selection), (written, omitted) => headOf(words, written, file, owned, omitted), file);
}
