import { nearest } from '../../render/text.ts';
import { SHELLS, scriptFor } from '../completion/shells.ts';
import type { Run } from '../context.ts';
import { EXIT } from '../exit.ts';
import { usageError } from '../failure.ts';

export const run: Run = async (context, [name = '']) => {
  const shell = SHELLS.find((one) => one === name.replace(/^.*\//, ''));
  if (shell === undefined) {
    const meant = nearest(name, SHELLS);
    throw usageError(
      `there is no completion for ${name}`,
      meant === undefined ? `it is one of ${SHELLS.join(', ')}` : `did you mean ${meant}?`,
    );
  }
  const script = scriptFor(shell);
  context.print(script.trimEnd());
  context.document({ shell, script });
  return EXIT.ok;
};
