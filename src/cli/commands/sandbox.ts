import type { Run } from '../context.ts';
import { usageError } from '../failure.ts';
import { captured, withoutDashes } from './exec.ts';

export const run: Run = async (context, words) => {
  const { ensureSandbox, runSandbox, sandboxCommand } = await import('../../kernel/sandbox.ts');
  const command = withoutDashes(words);
  if (!context.flags.json) return runSandbox(command);
  if (command.length === 0) throw usageError('--json needs a command', 'a shell has no document: netloom sandbox --json -- COMMAND');
  await ensureSandbox();
  return captured(Promise.resolve(sandboxCommand(command)), { command }, context);
};
