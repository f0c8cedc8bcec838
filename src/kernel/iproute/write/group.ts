import { namespaceOf, type Operation, PHASES } from '../../../model/operation.ts';
import { HOST } from '../../../model/topology.ts';
import { isIpStep } from '../lines.ts';

/** Operations of one phase that may run at the same time, namespace by namespace; the host's come alone and first. */
export interface Batch {
  readonly groups: readonly { readonly namespace: string; readonly operations: readonly Operation[] }[];
}

/** In order of phase. Within a namespace sysctls come first, otherwise the order given is kept. */
export function batchesOf(operations: readonly Operation[]): Batch[] {
  return PHASES.flatMap((phase) => {
    const groups = new Map<string, Operation[]>();
    for (const operation of operations) {
      if (operation.phase !== phase) continue;
      const namespace = namespaceOf(operation.step);
      const group = groups.get(namespace);
      if (group === undefined) groups.set(namespace, [operation]);
      else group.push(operation);
    }
    const all = [...groups].map(([namespace, group]) => ({ namespace, operations: sysctlsFirst(group) }));
    const host = all.filter(({ namespace }) => namespace === HOST);
    const others = all.filter(({ namespace }) => namespace !== HOST);
    return [host, others].filter((one) => one.length > 0).map((one) => ({ groups: one }));
  });
}

const sysctlsFirst = (group: readonly Operation[]): Operation[] =>
  group.toSorted((a, b) => Number(b.step.do === 'sysctl') - Number(a.step.do === 'sysctl'));

/** What carries steps out that follow each other. */
export type Engine = 'sysctl' | 'ip' | 'netns-add' | 'bulk-delete' | 'bind' | 'nft' | 'conntrack' | 'docker-user' | 'file';

/** Fewer links than this are removed one by one: each costs some 20 ms in the kernel, a bulk removal three processes. */
const BULK_MIN = 4;
/** Fewer namespaces than this are made by the `ip` that makes their links: each costs some 0.5 ms, several processes a few. */
const NAMES_MIN = 50;

export interface Segment {
  readonly engine: Engine;
  readonly operations: readonly Operation[];
}

/** Cuts a host group into runs that one engine can carry out together. All nft steps go into one transaction, where the first one stood. */
export function segmentsOf(operations: readonly Operation[]): Segment[] {
  const nft = operations.filter(({ step }) => step.do === 'nft');
  const segments: { engine: Engine; operations: Operation[] }[] = [];
  for (const operation of operations) {
    const engine = engineOf(operation);
    if (engine === 'nft') {
      if (operation === nft[0]) segments.push({ engine, operations: nft });
      continue;
    }
    const last = segments.at(-1);
    if (last?.engine === engine) last.operations.push(operation);
    else segments.push({ engine, operations: [operation] });
  }
  return mergeIp(segments.map((one) => (one.operations.length < (MINIMA[one.engine] ?? 0) ? { ...one, engine: 'ip' } : one)));
}

const MINIMA: Partial<Record<Engine, number>> = { 'bulk-delete': BULK_MIN, 'netns-add': NAMES_MIN };

/** Short runs of what is worth processes of its own only in numbers are plain lines again, and join their neighbours. */
function mergeIp(segments: readonly Segment[]): Segment[] {
  const merged: Segment[] = [];
  for (const segment of segments) {
    const last = merged.at(-1);
    if (last?.engine === 'ip' && segment.engine === 'ip') {
      merged[merged.length - 1] = { engine: 'ip', operations: [...last.operations, ...segment.operations] };
    } else {
      merged.push(segment);
    }
  }
  return merged;
}

function engineOf({ step }: Operation): Engine {
  if (isIpStep(step)) return step.do === 'link-delete' ? 'bulk-delete' : step.do === 'netns-add' ? 'netns-add' : 'ip';
  switch (step.do) {
    case 'sysctl':
    case 'nft':
      return step.do;
    case 'conntrack-flush':
    case 'conntrack-cut':
      return 'conntrack';
    case 'netns-bind':
    case 'netns-attach':
      return 'bind';
    case 'docker-user-add':
    case 'docker-user-delete':
      return 'docker-user';
    case 'file-write':
    case 'file-delete':
      return 'file';
    default:
      return step satisfies never;
  }
}
