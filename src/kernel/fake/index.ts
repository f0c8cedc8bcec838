import { HostError } from '../../model/errors.ts';
import type { Kernel, RunOptions } from '../../model/kernel.ts';
import { namespaceOf, type Operation, type Outcome, type Step } from '../../model/operation.ts';
import type { HostFacts, Listener, Scope, Snapshot } from '../../model/snapshot.ts';
import { makeLinkLocal, whenUp } from './addresses.ts';
import { snapshotOf } from './dump.ts';
import { groupsOf } from './order.ts';
import { addLink, type FakeHost, newHost, refuse } from './state.ts';
import { perform } from './steps.ts';

/** What is there before netloom comes. */
export interface FakeSetup {
  readonly facts?: HostFacts;
  /** Physical interfaces of the host, up, besides lo. */
  readonly uplinks?: readonly { readonly ifname: string; readonly mac: string; readonly addresses: readonly string[] }[];
  readonly listeners?: readonly Listener[];
  /** What somebody else has made, in order. */
  readonly steps?: readonly Step[];
}

/** A kernel in memory. It keeps state, not a list of calls, and answers as Linux does. */
export interface FakeKernel extends Kernel {
  /** Does something behind netloom's back. Throws StepError as the kernel would refuse. */
  perform(step: Step): void;
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
  for (const step of setup.steps ?? []) perform(host, step);
  return kernelOf(host, setup.facts ?? { resolvers: [] });
}

function kernelOf(host: FakeHost, facts: HostFacts): FakeKernel {
  const counts = { performed: 0, failAt: Number.POSITIVE_INFINITY, crashAt: Number.POSITIVE_INFINITY };

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
      return { operation, status: 'failed', ms: 0, error: error as Error };
    }
  };

  /** Stops at the first failure. The group's nft lines are one transaction: unless all of them are in, none is. */
  const runGroup = (group: readonly Operation[]): Outcome[] => {
    const outcomes: Outcome[] = [];
    const { tables } = host.host;
    const transaction = group.filter(isNft).length;
    const isComplete = (): boolean =>
      outcomes.filter(({ operation, status }) => isNft(operation) && status === 'done').length === transaction;
    try {
      for (const operation of group) {
        const failed = outcomes.some((outcome) => outcome.status === 'failed');
        outcomes.push(failed ? { operation, status: 'skipped', ms: 0 } : attempt(operation));
      }
    } finally {
      if (!isComplete()) host.host.tables = tables;
    }
    if (isComplete()) return outcomes;
    return outcomes.map((outcome) => (isNft(outcome.operation) && outcome.status === 'done' ? { ...outcome, status: 'skipped' } : outcome));
  };

  return {
    facts: async () => facts,
    dump: async (scope: Scope, signal?: AbortSignal): Promise<Snapshot> => {
      signal?.throwIfAborted();
      return snapshotOf(host, scope);
    },
    run: async (operations: readonly Operation[], options: RunOptions = {}): Promise<Outcome[]> => {
      const outcomes = new Map<Operation, Outcome>();
      for (const group of groupsOf(operations)) {
        options.signal?.throwIfAborted();
        if ([...outcomes.values()].some((outcome) => outcome.status === 'failed')) break;
        const brought = runGroup(group);
        for (const outcome of brought) outcomes.set(outcome.operation, outcome);
        options.onProgress?.(brought);
      }
      return operations.map((operation) => outcomes.get(operation) ?? { operation, status: 'skipped', ms: 0 });
    },
    perform: (step) => perform(host, step),
    failAt: (nth) => {
      if (nth < 1) throw new HostError('E_FAULT', `there is no operation ${nth}`, 'count from 1');
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

const isNft = (operation: Operation): boolean => operation.step.do === 'nft';
