import { CHANGE_USAGES } from './usages/change.ts';
import { INSIDE_USAGES } from './usages/inside.ts';
import { LOOK_USAGES } from './usages/look.ts';
import { REFERENCE_USAGES } from './usages/reference.ts';
import type { Usage } from './usages/usage.ts';
import { WRITE_USAGES } from './usages/write.ts';

export type { Usage } from './usages/usage.ts';

/** The group of the help that commander's own commands belong to. */
export const REFERENCE = 'Reference:';

export const TARGETS = `A TARGET with a slash or ending in .yaml or .yml is a path, a directory means every *.yaml and *.yml in it,
- is standard input, anything else is the name of a topology. Without one: ./netloom.yaml, else topologies/.`;

/** Every command, in the order of the help. */
export const USAGES: readonly Usage[] = [...LOOK_USAGES, ...CHANGE_USAGES, ...INSIDE_USAGES, ...WRITE_USAGES, ...REFERENCE_USAGES];
