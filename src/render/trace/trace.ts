import type { Hop, Trace } from '../../model/trace.ts';
import { glyphs, type Style } from '../style.ts';
import { align } from '../table.ts';
import { visible } from '../text.ts';
import { stopCells } from './stop.ts';
import { chainText, destinationText, ownerText, sayCause, sourceText } from './words.ts';

/** The way of a probe, a line a hop, and last what came of it. */
export function renderTrace(trace: Trace, style: Style): string {
  return [...renderHops(trace, style), ...renderVerdict(trace, style)].join('\n');
}

function renderHops({ hops, sent, cause }: Trace, style: Style): string[] {
  const { colors } = style;
  const signs = glyphs(style);
  const rows = [...hops.map((hop) => [hop.namespace, ...cellsOf(hop, signs.arrow)]), ...(cause ? [stopCells(cause)] : [])].map((row) =>
    row.map(visible),
  );
  const back = hops.findIndex(({ leg }) => leg === 'back');
  return align(rows).flatMap((line, index) => {
    const hop = hops[index];
    if (hop === undefined) return [`  ${colors.red(`${signs.failed} ${line}`)}`];
    const sign = hop?.seen ? colors.green(signs.passed) : hop?.kind === 'route' || !sent ? colors.dim('?') : ' ';
    const text = hop?.kind === 'rewrite' ? colors.cyan(line) : line;
    return [...(index === back ? [colors.dim('  and back:')] : []), `  ${hop?.kind === 'route' && sent ? ' ' : sign} ${text}`.trimEnd()];
  });
}

/** What it is, where, and what happens there. */
function cellsOf(hop: Hop, arrow: string): string[] {
  switch (hop.kind) {
    case 'source':
      return [
        'from',
        /^(?:0\.0\.0\.0|::)$/.test(hop.tuple.source)
          ? `${arrow} ${destinationText(hop.tuple)}`
          : `${sourceText(hop.tuple)} ${arrow} ${destinationText(hop.tuple)}`,
      ];
    case 'route':
      return [
        'route',
        hop.local
          ? `${hop.destination} is its own`
          : `${hop.destination} ${hop.via === undefined ? 'on the link' : `via ${hop.via}`} dev ${hop.device}`,
      ];
    case 'neighbour':
      return ['neighbour', hop.mac === undefined ? `${hop.address} on ${hop.device}` : `${hop.address} is ${hop.mac}`];
    case 'interface':
      return [
        hop.direction === 'out' ? 'out by' : 'in by',
        [hop.device, ...hop.addresses.filter((one) => !one.startsWith('fe80:'))].join('  '),
      ];
    case 'port':
      return [hop.direction === 'out' ? 'out by' : 'in by', `${hop.device}, port of ${hop.bridge}`];
    case 'bridge':
      return ['bridge', hop.device];
    case 'rewrite': {
      const change =
        hop.what === 'dnat'
          ? `${destinationText(hop.before)} ${arrow} ${destinationText(hop.after)}`
          : `${sourceText(hop.before)} ${arrow} ${sourceText(hop.after)}`;
      const what = hop.what === 'dnat' ? 'dnat' : /masquerade/i.test(hop.by?.rule ?? '') ? 'masquerade' : 'snat';
      return [
        'rewrite',
        hop.leg === 'back' ? `${change}  back` : `${change}  ${what}${hop.by ? `, ${chainText(hop.by)}${ownerText(hop.by)}` : ''}`,
      ];
    }
    case 'filter':
      return ['filter', `${hop.hook}: let through`];
    case 'uplink':
      return ['uplink', `${hop.device}, out of this host`];
    case 'listener': {
      const who = hop.process === undefined ? 'answers' : `${hop.process} listens`;
      return ['listener', hop.port === undefined ? who : `${hop.protocol} ${hop.port}: ${who}`];
    }
    default:
      return hop satisfies never;
  }
}

/** Whether it arrives, and what is the matter where it does not. */
export function renderVerdict(trace: Trace, style: Style): string[] {
  const { colors, unicode } = style;
  const signs = glyphs(style);
  const { request, arrives, cause, reached, flow, full, notes, sent } = trace;
  const what = `${request.protocol}${request.port === undefined ? '' : ` ${request.port}`}`;
  const address = request.to === flow.destination ? '' : ` (${flow.destination})`;
  const way = `${visible(request.from)} ${signs.arrow} ${visible(request.to)}${address} ${what}`;
  const lookedUp =
    sent || flow.namespace !== 'outside' ? [] : [colors.dim('  Nothing was sent: it cannot be from there. All of this was looked up.')];
  const rest = [...notes.map((note) => `  ${colors.yellow('note:')} ${visible(note)}`), ...lookedUp];
  if (arrives) {
    const size = full?.passes ? `, packets of ${full.size} bytes too` : '';
    const where = reached === undefined || reached === request.to ? '' : ` in ${visible(reached)}`;
    return [`${colors.green(signs.passed)} ${way} ${sent ? 'arrives' : 'should arrive'}${where}${size}`, ...rest];
  }
  const said = cause && sayCause(cause, trace);
  const dash = unicode ? '—' : '--';
  return [
    `${colors.red(signs.failed)} ${way} does not arrive ${dash} ${visible(said?.what ?? 'it is not known why')}`,
    ...(said ? [`  ${visible(said.cure)}`] : []),
    ...rest,
  ];
}
