import { ALL } from '../../model/flow.ts';
import { DOOMED_GROUP } from '../../model/marks.ts';
import type { Operation, Step } from '../../model/operation.ts';
import { shellWord } from '../../model/shell-word.ts';
import { type Attach, HOST } from '../../model/topology.ts';
import { cidr, containerName, namespaceName, sysctlPath, sysctlValue, whole, writablePath } from '../checked.ts';
import { conntrackArgv, leadingToArgv, localRoutesArgv } from './conntrack-argv.ts';
import { ipLines, isIpStep } from './lines.ts';
import { NETNS_DIRECTORY } from './read/names.ts';
import { sourceOf } from './write/bind.ts';
import { dockerUserCommand } from './write/docker-user.ts';
import { batchesOf, segmentsOf } from './write/group.ts';
import { nftText } from './write/nft.ts';

/**
 * The same work as a shell script that a person can read and run: `sh -eu`, root, iproute2 and nft. Same order and same lines as
 * `Kernel.run`, but a process for each line. Empty where there is nothing to do.
 */
export function scriptOf(operations: readonly Operation[]): string {
  if (operations.length === 0) return '';
  const blocks: string[] = [];
  for (const { groups } of batchesOf(operations)) {
    for (const { namespace, operations: group } of groups) {
      const phase = group[0]?.phase ?? '';
      blocks.push(`\n# ${phase}${namespace === HOST ? '' : `, in ${namespace}`}\n`);
      for (const segment of segmentsOf(group)) {
        if (segment.engine === 'nft') blocks.push(nftBlock(namespace, segment.operations));
        else if (segment.engine === 'bulk-delete' && namespace === HOST) blocks.push(bulkBlock(segment.operations));
        else blocks.push(...segment.operations.map(({ step }) => stepLines(step, namespace)));
      }
    }
  }
  return `#!/bin/sh -eu\n${blocks.join('')}`;
}

function stepLines(step: Step, namespace: string): string {
  const lines = (list: readonly string[]): string => list.map((line) => `${line}\n`).join('');
  if (isIpStep(step))
    return lines(ipLines(step).map((line) => `${namespace === HOST ? 'ip' : `ip -n ${namespace}`} ${forShell(line)}${forgiving(step)}`));
  switch (step.do) {
    case 'sysctl':
      return lines([
        `${namespace === HOST ? '' : `ip netns exec ${namespace} `}sysctl -qw ${shellWord(`${sysctlPath(step.path)}=${sysctlValue(step.value)}`)}`,
      ]);
    case 'netns-bind':
      return lines([
        `touch ${NETNS_DIRECTORY}/${step.name}`,
        `mount --bind ${sourceOf(step.source)} ${shellWord(`${NETNS_DIRECTORY}/${step.name}`)}`,
      ]);
    case 'netns-attach':
      return lines([
        `touch ${NETNS_DIRECTORY}/${namespaceName(step.name)}`,
        `mount --bind ${attachPath(step.source)} ${NETNS_DIRECTORY}/${step.name}`,
      ]);
    case 'docker-user-add':
    case 'docker-user-delete':
      return lines([dockerUserCommand(step)]);
    case 'conntrack-flush':
      return lines([`! command -v conntrack >/dev/null || ${flushLine(step)}`]);
    case 'conntrack-cut':
      return lines(cutLines(step));
    case 'file-write':
      return fileBlock(writablePath(step.path), step.content);
    case 'file-delete':
      return lines([
        `rm -f ${shellWord(writablePath(step.path))}`,
        ...(step.path.startsWith('/etc/') ? [`rmdir --ignore-fail-on-non-empty ${shellWord(directoryOf(step.path))}`] : []),
      ]);
    case 'nft':
      return ''; // goes with the others of its group
    default:
      return step satisfies never;
  }
}

/** `ip -batch` and the shell quote differently; a batch line has no double quote but around a whole word. */
const forShell = (line: string): string => line.replace(/"([^"]*)"/g, (_, word: string) => shellWord(word));

/** Of every address of the host where none is given: another machine's port of that number is not meant. */
function flushLine(step: Extract<Step, { do: 'conntrack-flush' }>): string {
  const { hostAddress, hostPort, leadingTo } = step;
  const flush = `${conntrackArgv(step).join(' ')}${hostAddress === undefined ? ' --orig-dst "$address"' : ''}`;
  const untranslated = `--reply-src ${hostAddress ?? '"$address"'} --reply-port-src ${whole(hostPort)}`;
  const targets = leadingTo === undefined ? [''] : [untranslated, ...leadingTo.map((target) => leadingToArgv(target).join(' '))];
  const lines = targets.map((target) => `${`${flush} ${target}`.trim()} >/dev/null 2>&1 || true`).join('; ');
  if (hostAddress !== undefined) return `{ ${lines}; }`;
  return `${localRoutesArgv(step.family).join(' ')} | while read -r _ address _; do ${lines}; done`;
}

/** Unlike `Kernel.run` the script does not look whether it is still the namespace that the plan has seen. */
function attachPath(source: Attach): string {
  if ('path' in source) return shellWord(source.path);
  if ('pid' in source) return `/proc/${whole(source.pid)}/ns/net`;
  return `"/proc/$(docker inspect --format '{{.State.Pid}}' ${containerName(source.container)})/ns/net"`;
}

/**
 * Unlike `Kernel.run` the script does not single out what would not be let in any more: it forgets all that leads straight to the bridges'
 * networks, and what may go on is tracked anew by its next packet. Published ports and what members have begun are not among it.
 */
const cutLines = ({ family, directions }: Extract<Step, { do: 'conntrack-cut' }>): string[] =>
  directions
    .filter(({ to }) => to !== ALL[family])
    .map(({ to }) => `! command -v conntrack >/dev/null || conntrack -D -f ${family} --orig-dst ${cidr(to)} >/dev/null 2>&1 || true`);

/** What may be gone already: the other end of a veth, an address or a route with its link. */
function forgiving(step: Step): string {
  switch (step.do) {
    case 'link-delete':
    case 'address-delete':
    case 'route-delete':
    case 'altname-delete':
    case 'netns-delete':
    case 'neighbour-flush':
      return ' || true';
    default:
      return '';
  }
}

const nftBlock = (namespace: string, operations: readonly Operation[]): string =>
  `${namespace === HOST ? '' : `ip netns exec ${namespace} `}nft -f - ${hereDocument(nftText(operations))}`;

const bulkBlock = (operations: readonly Operation[]): string =>
  [
    ...operations.flatMap(({ step }) => (step.do === 'link-delete' ? [`ip link set dev ${step.dev} group ${DOOMED_GROUP} || true`] : [])),
    `ip link del group ${DOOMED_GROUP}`,
  ]
    .map((line) => `${line}\n`)
    .join('');

const fileBlock = (path: string, content: string): string =>
  `mkdir -p ${shellWord(directoryOf(path))}\n` +
  (content.endsWith('\n')
    ? `cat > ${shellWord(path)} ${hereDocument(content)}`
    : `printf '%s' ${shellWord(content)} > ${shellWord(path)}\n`);

/** The quoted delimiter keeps the shell from looking inside; it is one that is no line of the text. */
function hereDocument(text: string): string {
  let delimiter = 'EOF';
  while (text.split('\n').includes(delimiter)) delimiter += '_';
  return `<<'${delimiter}'\n${text}${delimiter}\n`;
}

const directoryOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));
