import { HOST } from '../model/topology.ts';
import { namespaceName } from './checked.ts';

/** The argument vector that runs a program in a namespace, with no more than its network. Throws on a name that is none. */
export const within = (namespace: string, argv: readonly string[]): readonly string[] =>
  namespace === HOST ? argv : ['nsenter', `--net=/run/netns/${namespaceName(namespace)}`, '--', ...argv];
