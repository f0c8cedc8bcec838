import { HostError } from '../../model/errors.ts';
import { nearest } from '../../render/text.ts';
import type { Context, Run } from '../context.ts';
import { usageError } from '../failure.ts';

export const run: Run = async (context, [namespace = '', ...words]) => {
  const { enterNamespace, inNamespace, namespacesHere } = await import('../../kernel/enter.ts');
  const names = await namespacesHere();
  if (!names.includes(namespace)) throw unknown(namespace, names);
  const command = withoutDashes(words);
  if (!context.flags.json) return enterNamespace(namespace, command, context.io.env);
  if (command.length === 0) throw usageError('--json needs a command', 'a shell has no document: netloom exec --json NAMESPACE -- COMMAND');
  return captured(inNamespace(namespace, command, context.io.env), { namespace, command }, context);
};

function unknown(namespace: string, names: readonly string[]): HostError {
  const meant = nearest(namespace, names);
  const known = names.length > 1 ? '`netloom show` lists them' : `there is none besides the host's own: \`netloom apply\` makes them`;
  return new HostError('E_NAMESPACE_UNKNOWN', `there is no namespace ${namespace}`, meant === undefined ? known : `did you mean ${meant}?`);
}

/** Runs a command to its end and puts what it said into the document. */
export async function captured(argv: Promise<readonly string[]>, about: object, context: Context): Promise<number> {
  const { capture } = await import('../../kernel/enter.ts');
  const result = await capture(await argv, context.io.env);
  context.document({ ...about, ...result });
  return result.exitCode;
}

/** `exec web01 -- ls`: the dashes end our options and are none of the command's. */
export const withoutDashes = (words: readonly string[]): readonly string[] => (words[0] === '--' ? words.slice(1) : words);
