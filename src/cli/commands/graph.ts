import { extname } from 'node:path';
import type { Remark } from '../../model/report.ts';
import type { Topology } from '../../model/topology.ts';
import { buildGraph } from '../../render/graph/build.ts';
import type { Graph } from '../../render/graph/graph.ts';
import { liveMarking, type Marking, planMarking, UNMARKED } from '../../render/graph/marks.ts';
import { THEMES, type Theme } from '../../render/graph/theme.ts';
import { topologyJson } from '../../render/json.ts';
import { remarkOf } from '../../render/remark.ts';
import { visible } from '../../render/text.ts';
import type { Context, Run } from '../context.ts';
import { EXIT } from '../exit.ts';
import { usageError } from '../failure.ts';
import { writeResult } from '../files.ts';
import { loadValid } from '../load.ts';

const FORMATS = ['svg', 'mermaid', 'dot'] as const;
type Format = (typeof FORMATS)[number];

/** What the ending of `--out` says. */
const ENDINGS: Readonly<Record<string, Format>> = { '.svg': 'svg', '.mmd': 'mermaid', '.mermaid': 'mermaid', '.dot': 'dot', '.gv': 'dot' };

export const run: Run = async (context, [target]) => {
  const { flags, io } = context;
  const format = formatOf(context);
  const theme = themeOf(context, format);
  if (flags.plan && flags.live) throw usageError('--plan and --live exclude each other', 'draw two pictures');
  const topology = await onlyTopology(target, context);
  const { marking, warnings } = await markingOf(topology, context);
  const picture = await draw(buildGraph(topology, marking), format, theme);
  if (flags.out === undefined) {
    context.print(picture.trimEnd());
    if (format === 'svg' && io.stdout.isTTY) context.aside('That was an SVG; with `--out FILE.svg` it goes into a file, for a browser.');
  } else {
    await writeResult(flags.out, picture, io.cwd);
    context.aside(`Written to ${visible(flags.out)}.`);
  }
  for (const warning of warnings) context.tell(warning, 'warning');
  context.document({ topology: topologyJson(topology), format, out: flags.out ?? null, picture }, [], warnings);
  return EXIT.ok;
};

function formatOf({ flags: { format, out } }: Context): Format {
  const ending = out === undefined ? undefined : extname(out);
  if (ending === '.yaml' || ending === '.yml')
    throw usageError(`--out ${out} would overwrite a topology file`, 'end it in .svg, .mmd or .dot');
  const given = format ?? (ending === undefined ? 'svg' : ENDINGS[ending]);
  const known = FORMATS.find((one) => one === given);
  if (known !== undefined) return known;
  if (format === undefined)
    throw usageError(`the ending of ${out} tells no format`, `end it in ${Object.keys(ENDINGS).join(', ')}, or add --format`);
  throw usageError(`there is no format ${format}`, `it is one of ${FORMATS.join(', ')}`);
}

function themeOf({ flags: { theme } }: Context, format: Format): Theme {
  if (theme !== undefined && format !== 'svg')
    throw usageError(`--theme says nothing to ${format}`, 'whoever draws it chooses the colours');
  const known = THEMES.find((one) => one === (theme ?? 'auto'));
  if (known === undefined) throw usageError(`there is no theme ${theme}`, `it is one of ${THEMES.join(', ')}`);
  return known;
}

async function onlyTopology(target: string | undefined, context: Context): Promise<Topology> {
  const [topology, ...more] = await loadValid(target === undefined ? [] : [target], context);
  if (topology === undefined || more.length > 0) {
    const names = [topology, ...more].flatMap((one) => (one === undefined ? [] : [one.file]));
    throw usageError('a picture is of one topology', `name one of ${names.join(', ')}`);
  }
  return topology;
}

/** What the host says, where it is asked; what is in the way of the plan is a warning here. */
async function markingOf(topology: Topology, { flags, host }: Context): Promise<{ marking: Marking; warnings: readonly Remark[] }> {
  if (!flags.plan && !flags.live) return { marking: UNMARKED, warnings: [] };
  const { changes, blockers, warnings } = await host.plan(topology, { adopt: false });
  const remarks = [...blockers, ...warnings].map(remarkOf);
  if (flags.plan) return { marking: planMarking(changes), warnings: remarks };
  const inventory = await host.inventory({ name: topology.name });
  return { marking: liveMarking(changes, inventory), warnings: remarks };
}

/** Only what the format needs is loaded: the layout library is large. */
async function draw(graph: Graph, format: Format, theme: Theme): Promise<string> {
  switch (format) {
    case 'svg': {
      const [{ place }, { renderSvg }] = await Promise.all([import('../../render/graph/layout.ts'), import('../../render/graph/svg.ts')]);
      return renderSvg(graph, await place(graph), theme);
    }
    case 'mermaid':
      return (await import('../../render/graph/mermaid.ts')).renderMermaid(graph);
    case 'dot':
      return (await import('../../render/graph/dot.ts')).renderDot(graph);
  }
  return format satisfies never;
}
