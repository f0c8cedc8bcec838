import { StepError } from '../../model/errors.ts';
import type { Family } from '../../model/ip.ts';
import type { Kernel, RunOptions } from '../../model/kernel.ts';
import { namespaceOf, type Operation, type Outcome, type Step } from '../../model/operation.ts';
import type { HostFacts, Listener, Scope, Snapshot } from '../../model/snapshot.ts';
import { type Attach, HOST } from '../../model/topology.ts';
import { isAlreadyGone } from '../iproute/lines.ts';
import { batchesOf, segmentsOf } from '../iproute/write/group.ts';
import { makeLinkLocal, whenUp } from './addresses.ts';
import { snapshotOf } from './dump.ts';
import { reap } from './links.ts';
import { addLink, type FakeHost, newHost, otherNamespace, refuse, startOther } from './state.ts';
import { perform } from './steps.ts';

/** What is there before netloom comes. */
export interface FakeSetup {
  readonly facts?: HostFacts;
  /** Physical interfaces of the host, up, besides lo. */
  readonly uplinks?: readonly { readonly ifname: string; readonly mac: string; readonly addresses: readonly string[] }[];
  readonly listeners?: readonly Listener[];
  /** Containers that run and processes in namespaces of their own. */
  readonly others?: readonly Attach[];
  /** Families in which Docker's iptables chains are there. */
  readonly docker?: readonly Family[];
  /** Default: true. */
  readonly hasConntrack?: boolean;
  /** What somebody else has made, in order. */
  readonly steps?: readonly Step[];
}

/** A kernel in memory. It keeps state, not a list of calls, and answers as Linux does. */
export interface FakeKernel extends Kernel {
  /** Does something behind netloom's back. Throws StepError as the kernel would refuse. */
  perform(step: Step): void;
  /** Starts somebody else's container or process, again if it is there: in a new namespace. */
  start(source: Attach): void;
  /** Ends it; its namespace lives as long as a name leads there. */
  stop(source: Attach): void;
  /** Makes the nth operation from now on (the first is 1) fail, once. */
  failAt(nth: number): void;
  /** Lets n more operations through and then throws FakeCrash out of `run`, once: what a `kill -9` leaves. */
  crashAfter(count: number): void;
  /** An independent copy, faults not included. */
  clone(): FakeKernel;
  /** Operations carried out so far. */
  readonly performed: number;
}

/** Thrown out of `run` where `crashAfter` said so. */
export class FakeCrash extends Error {
  override readonly name = 'FakeCrash';
}

/** An in-memory host: lo up, nothing else but what the set-up says. */
export function createFakeKernel(setup: FakeSetup = {}): FakeKernel {
  const host = newHost();
  host.listeners.push(...(setup.listeners ?? []));
  perform(host, { do: 'link-set', namespace: 'host', dev: 'lo', set: { up: true } });
  for (const { ifname, mac, addresses } of setup.uplinks ?? []) {
    const link = addLink(host.host, 'physical', { ifname, mac, mtu: 1500, group: 0 });
    link.up = true;
    whenUp(link);
    makeLinkLocal(link);
    for (const address of addresses) perform(host, { do: 'address-add', namespace: 'host', dev: ifname, address });
  }
  host.hasConntrack = setup.hasConntrack ?? true;
  for (const family of setup.docker ?? []) host.dockerUser[family] = { rules: [], bridges: [] };
  for (const source of setup.others ?? []) startOther(host, source);
  for (const step of setup.steps ?? []) perform(host, step);
  return kernelOf(host, setup.facts ?? { resolvers: [] });
}

function kernelOf(host: FakeHost, facts: HostFacts): FakeKernel {
  const counts = { performed: 0, failAt: Number.POSITIVE_INFINITY, crashAt: Number.POSITIVE_INFINITY };

  const stopOther = (source: Attach): void => {
    const namespace = otherNamespace(host, source);
    host.others.delete(JSON.stringify(source));
    if (namespace) reap(host, namespace, 'other');
  };

  const attempt = (operation: Operation): Outcome => {
    if (counts.performed >= counts.crashAt) {
      counts.crashAt = Number.POSITIVE_INFINITY;
      throw new FakeCrash(`stopped after ${counts.performed} operations`);
    }
    counts.performed += 1;
    try {
      if (counts.performed === counts.failAt) refuse(namespaceOf(operation.step), ['ip'], 'RTNETLINK answers: Cannot allocate memory');
      perform(host, operation.step);
      return { operation, status: 'done', ms: 0 };
    } catch (error) {
      if (!(error instanceof StepError)) throw error;
      if (isAlreadyGone(operation.step, error.stderr)) return { operation, status: 'done', ms: 0 };
      return { operation, status: 'failed', ms: 0, error };
    }
  };

  /** Operations that follow each other, up to the first failure. nft's are a transaction: unless all of them are in, none is. */
  const runInTurn = (operations: readonly Operation[]): Outcome[] => {
    const outcomes: Outcome[] = [];
    const { tables } = host.host;
    const isDone = (): boolean => outcomes.length === operations.length && outcomes.every(({ status }) => status === 'done');
    const isTransaction = operations[0]?.step.do === 'nft';
    try {
      for (const operation of operations) {
        outcomes.push(hasFailed(outcomes) ? { operation, status: 'skipped', ms: 0 } : attempt(operation));
      }
    } finally {
      if (isTransaction && !isDone()) host.host.tables = tables;
    }
    if (!isTransaction || isDone()) return outcomes;
    return outcomes.map((outcome) => (outcome.status === 'done' ? { ...outcome, status: 'skipped' } : outcome));
  };

  return {
    facts: async () => facts,
    dump: async (scope: Scope, signal?: AbortSignal): Promise<Snapshot> => {
      signal?.throwIfAborted();
      return snapshotOf(host, scope);
    },
    run: async (operations: readonly Operation[], options: RunOptions = {}): Promise<Outcome[]> => {
      const outcomes = new Map<Operation, Outcome>();
      for (const part of partsOf(operations)) {
        if (options.signal?.aborted || hasFailed([...outcomes.values()])) break;
        const brought = part.flatMap(runInTurn);
        for (const outcome of brought) outcomes.set(outcome.operation, outcome);
        options.onProgress?.(brought);
      }
      return operations.map((operation) => outcomes.get(operation) ?? { operation, status: 'skipped', ms: 0 });
    },
    perform: (step) => perform(host, step),
    start: (source) => {
      stopOther(source);
      startOther(host, source);
    },
    stop: (source) => stopOther(source),
    failAt: (nth) => {
      counts.failAt = counts.performed + nth;
    },
    crashAfter: (count) => {
      counts.crashAt = counts.performed + count;
    },
    clone: () => kernelOf(structuredClone(host), facts),
    get performed() {
      return counts.performed;
    },
  };
}

const hasFailed = (outcomes: readonly Outcome[]): boolean => outcomes.some(({ status }) => status === 'failed');

/** As the real one: the host's operations by engine, other namespaces side by side, where a failure in one does not stop the others. */
const partsOf = (operations: readonly Operation[]): (readonly Operation[])[][] =>
  batchesOf(operations).flatMap(({ groups }) => {
    const [first] = groups;
    if (first?.namespace === HOST) return segmentsOf(first.operations).map((segment) => [segment.operations]);
    return [groups.map((group) => group.operations)];
  });
