import type { Taken } from '../../kernel/taken.ts';
import { HostError, TopologyError } from '../../model/errors.ts';
import { visible } from '../../render/text.ts';
import type { Context, Flags, Run } from '../context.ts';
import { EXIT } from '../exit.ts';
import { usageError } from '../failure.ts';
import { exists, STDIN, writeNew } from '../files.ts';
import { type Answers, freeNames, proposed } from '../starting/answers.ts';
import { ask } from '../starting/ask.ts';
import { firstFile } from '../starting/template.ts';
import { isPath } from '../targets.ts';

export const run: Run = async (context, [file = 'netloom.yaml']) => {
  const { io } = context;
  if (!isPath(file) || (file !== STDIN && !/\.ya?ml$/.test(file)))
    throw usageError(`${file} would be no topology file`, `end it in .yaml: netloom init ${file.replace(/\/$/, '')}.yaml`);
  if (file !== STDIN && (await exists(file, io.cwd))) throw isThere(file);
  const [{ takenHere }, { loadTopology }] = await Promise.all([import('../../kernel/taken.ts'), import('../../topology/load.ts')]);
  const taken = await takenHere();
  const write = (answers: Answers): string => firstFile(answers, freeNames(answers.name, taken), file);
  /** What is wrong with answers, in the words of the language itself. */
  const faultOf = (answers: Answers): string | undefined => {
    try {
      loadTopology(write(answers), file);
      return undefined;
    } catch (error) {
      if (!(error instanceof TopologyError)) throw error;
      const [fault] = error.faults;
      return fault === undefined ? error.message : `${fault.message}${fault.hint === undefined ? '' : `; ${fault.hint}`}`;
    }
  };
  const answers = await answersOf(context, proposed(io.cwd, taken), faultOf, taken);
  if (answers === undefined) {
    context.aside('nothing was written');
    return EXIT.error;
  }
  const text = write(answers);
  if (file === STDIN) context.print(text.trimEnd());
  else await writeNew(file, text, io.cwd, () => isThere(file));
  if (file !== STDIN) context.aside(`Wrote ${visible(file)}. Next: netloom plan ${visible(file)}`);
  context.document({ file: file === STDIN ? null : file, topology: answers.name, text });
  return EXIT.ok;
};

type Key = keyof Answers;

interface Part {
  readonly key: Key;
  readonly question: string;
  /** The answer as the part of a file. Throws the reason why it is none. */
  read(answer: string): Partial<Answers>;
}

/** What the proposed subnet has room for. */
const MOST = 250;

const NOTHING = ['no', 'none', 'n'];

const PARTS: readonly Part[] = [
  { key: 'name', question: 'Name of the topology', read: (name) => ({ name }) },
  {
    key: 'namespaces',
    question: 'How many namespaces',
    read: (answer) => {
      if (!/^\d{1,3}$/.test(answer) || Number(answer) < 1 || Number(answer) > MOST) throw new Error(`write a number from 1 to ${MOST}`);
      return { namespaces: Number(answer) };
    },
  },
  { key: 'subnet', question: 'Their subnet', read: (subnet) => ({ subnet }) },
  {
    key: 'publish',
    question: 'Port of the host that leads to a port of the first one (HOSTPORT:PORT, or no)',
    read: (answer) => {
      if (NOTHING.includes(answer.toLowerCase())) return {};
      if (!/^\d{1,5}:\d{1,5}$/.test(answer)) throw new Error('write two ports, 8080:80 for instance, or no');
      return { publish: answer };
    },
  },
];

/** From the flags, from what is proposed, and from whoever sits there; undefined where he breaks off. */
async function answersOf(
  context: Context,
  proposal: Answers,
  faultOf: (answers: Answers) => string | undefined,
  taken: Taken,
): Promise<Answers | undefined> {
  const { flags } = context;
  let answers = proposal;
  const open = PARTS.filter(({ key }) => flagOf(flags, key) === undefined);
  for (const part of PARTS) {
    const given = flagOf(flags, part.key);
    if (given === undefined) continue;
    const wrong = problemOf(part, given, answers, faultOf);
    if (wrong !== undefined) throw usageError(`--${part.key} ${given}: ${wrong}`, '`netloom init --help` lists the options');
    answers = merged(answers, part, given);
  }
  if (flags.yes || open.length === 0) return answers;
  const asked = await ask(
    open.map((part) => ({
      text: part.question,
      proposal: String(answers[part.key] ?? 'no'),
      check: (answer) => {
        const wrong = problemOf(part, answer, answers, faultOf) ?? inUse(part.key, answer, taken);
        if (wrong === undefined) answers = merged(answers, part, answer);
        return wrong;
      },
    })),
    context,
  );
  return asked === undefined ? undefined : answers;
}

const merged = ({ publish, ...rest }: Answers, part: Part, answer: string): Answers => ({
  ...rest,
  ...(part.key === 'publish' || publish === undefined ? {} : { publish }),
  ...part.read(answer),
});

function problemOf(part: Part, answer: string, answers: Answers, faultOf: (answers: Answers) => string | undefined): string | undefined {
  try {
    return faultOf(merged(answers, part, answer));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A port that somebody listens on can be published nowhere but on one address, which is no first file. */
function inUse(key: Key, answer: string, { ports }: Taken): string | undefined {
  const port = Number(answer.split(':')[0]);
  return key === 'publish' && ports.has(port) ? `something on this host listens on port ${port}; choose another` : undefined;
}

function flagOf(flags: Flags, key: Key): string | undefined {
  return flags[key];
}

const isThere = (file: string): HostError =>
  new HostError('E_FILE_EXISTS', `${file} is there already, and was left as it is`, 'name another file: netloom init other.yaml');
