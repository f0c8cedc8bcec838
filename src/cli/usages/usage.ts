import type { Run } from '../context.ts';
import type { CommandOption } from './options.ts';

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
  readonly options: readonly CommandOption[];
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

/** Documents that commands share. */
export const PLAN_DOCUMENT = { topologies: [], changes: [], summary: { create: 0, update: 0, replace: 0, delete: 0 }, blockers: [] };
export const REPORT_DOCUMENT = { ...PLAN_DOCUMENT, outcomes: [], remaining: [] };
