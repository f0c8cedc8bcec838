import { HostError } from '../../model/errors.ts';
import { isTopologyName } from '../../model/marks.ts';
import { topologyJson } from '../../render/json.ts';
import { visible } from '../../render/text.ts';
import type { Context, Run } from '../context.ts';
import { EXIT } from '../exit.ts';
import { usageError } from '../failure.ts';
import { exists, STDIN, writeNew } from '../files.ts';

/** How messages call what goes to standard output. */
const STDOUT_FILE = 'FILE.yaml';

export const run: Run = async (context, names) => {
  const { flags, host, io, invoked } = context;
  if (flags.out !== undefined) await checkOut(flags.out, context);
  if (flags.name !== undefined && !isTopologyName(flags.name))
    throw usageError(`${visible(flags.name)} is no name for a topology`, 'a-z 0-9 and -, at most 31, beginning with a letter');
  const { text, topology, omissions } = await host.import({
    names,
    docker: flags.docker === true,
    file: flags.out ?? STDOUT_FILE,
    words: invoked.argv.slice(invoked.argv.indexOf('import') + 1),
    ...(flags.name === undefined ? {} : { name: flags.name }),
  });
  const warnings = omissions.map(({ code, message, hint }) => ({ code, message, ...(hint === undefined ? {} : { hint }) }));
  for (const warning of warnings) context.tell(warning, 'warning');
  if (flags.out === undefined) context.print(text.trimEnd());
  else {
    const { out } = flags;
    await writeNew(out, text, io.cwd, () => isThere(out));
    context.tell({ code: '', message: `written to ${flags.out}`, hint: `netloom plan --adopt ${flags.out}` }, 'note');
  }
  context.document(
    {
      topology: topologyJson({ name: topology.name, ...(flags.out === undefined ? {} : { file: flags.out }) }),
      out: flags.out ?? null,
      text,
    },
    [],
    warnings,
  );
  return EXIT.ok;
};

/** A file that somebody may have written is not overwritten. */
async function checkOut(file: string, { io }: Context): Promise<void> {
  if (file === STDIN) throw usageError('without --out it goes to standard output', 'leave --out away');
  if (!/\.ya?ml$/.test(file)) throw usageError(`${visible(file)} would not be taken for a topology file`, 'end it in .yaml');
  if (await exists(file, io.cwd)) throw isThere(file);
}

const isThere = (file: string): HostError =>
  new HostError('E_FILE_EXISTS', `${file} is there already`, 'name another file, or move it away; nothing is overwritten');
