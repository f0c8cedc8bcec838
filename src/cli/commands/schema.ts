import type { Run } from '../context.ts';
import { EXIT } from '../exit.ts';

/** The schema is JSON anyway: --json changes nothing. */
export const run: Run = async (context) => {
  const { schemaText } = await import('../../topology/schema.ts');
  context.io.stdout.write(`${schemaText().trimEnd()}\n`);
  return EXIT.ok;
};
