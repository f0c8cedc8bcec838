import { setTimeout as pause } from 'node:timers/promises';
import { linkOf } from '../model/lookup.ts';
import type { Change, FieldChange, Plan, Unsettled, View } from '../model/resource.ts';

/**
 * How long a difference may last that should not be there: the kernel takes namespaces and links down after the command has ended. And how long
 * what only takes its time is waited for: duplicate detection takes some 2 s. Spanning tree takes 30 s, which nobody waits for.
 */
const PATIENCE_MS = { differing: 1_000, unsettled: 5_000 } as const;

export interface SettleOptions {
  /** Reads the host again and says what still differs. */
  readonly replan: () => Promise<Plan>;
  readonly signal?: AbortSignal;
}

/**
 * Reads the host until it is as wanted and at work, or patience is at its end; gives the last look. By reading, not by events: what matters
 * (carrier, addresses, ports) lies in many namespaces, and nearly always the first look is enough. Pauses grow with what a look costs.
 */
export async function settle({ replan, signal }: SettleOptions): Promise<Plan> {
  const started = performance.now();
  for (let pauseMs = 50; ; pauseMs *= 2) {
    const before = performance.now();
    const plan = await replan();
    const now = performance.now();
    const waits = (plan.unsettled ?? []).some(({ state }) => state === 'tentative' || state === 'no-carrier');
    const patienceMs = plan.changes.length > 0 ? PATIENCE_MS.differing : waits ? PATIENCE_MS.unsettled : 0;
    const nextMs = Math.max(pauseMs, now - before);
    if (signal?.aborted || now - started + nextMs > patienceMs) return plan;
    await pause(nextMs);
  }
}

/** Interfaces of ours that are set as wanted and that the kernel has not finished with. */
export function unsettledOf({ interfaces, snapshot }: View): Unsettled[] {
  return interfaces.flatMap(({ namespace, link }): Unsettled[] => {
    if (!link.up) return [];
    const place = { namespace, ifname: link.ifname };
    const peer = link.peer && linkOf(snapshot.namespaces.get(link.peer.namespace), link.peer.ifname);
    return [
      ...(peer?.up && (!link.carrier || link.port?.disabled) ? [{ ...place, state: 'no-carrier' as const }] : []),
      ...(link.port?.waiting ? [{ ...place, state: 'listening' as const }] : []),
      // A bridge without ports has no carrier, and its addresses wait for one: that is how it is wanted.
      ...(link.carrier ? (link.undecided ?? []) : []).map(({ address, duplicate }) => ({
        ...place,
        state: duplicate ? ('duplicate' as const) : ('tentative' as const),
        address,
      })),
    ];
  });
}

/** For people: `web01:eth0: 10.0.0.1/24 is held by somebody else on the link`. */
export function unsettledText({ namespace, ifname, state, address = '' }: Unsettled): string {
  const place = `${namespace}:${ifname}`;
  switch (state) {
    case 'no-carrier':
      return `${place} has no carrier yet`;
    case 'tentative':
      return `${place}: ${address} is not usable yet (tentative)`;
    case 'duplicate':
      return `${place}: ${address} is held by somebody else on the link (dadfailed)`;
    case 'listening':
      return `${place} does not forward yet: spanning tree listens for two forward delays, 30 s`;
  }
  return state satisfies never;
}

const SHOWN = 5;

/** What did not stick, and as what it was found. */
export function stuckText(changes: readonly Change[]): string {
  const shown = changes.slice(0, SHOWN).flatMap(textsOf).slice(0, SHOWN);
  const more = changes.length - SHOWN;
  return `did not stick: ${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''} (somebody changed it back?)`;
}

function textsOf(change: Change): string[] {
  switch (change.action) {
    case 'create':
      return [`${change.id} is not there`];
    case 'delete':
      return [`${change.id} is still there`];
    case 'update':
    case 'replace':
      return change.fields.length === 0 ? [`${change.id} is not as wanted`] : change.fields.map((field) => fieldText(change.id, field));
  }
  return change satisfies never;
}

const fieldText = (id: string, { path, before, after }: FieldChange): string => `${id} ${path} wanted ${value(after)} is ${value(before)}`;

function value(given: unknown): string {
  const text = typeof given === 'string' ? given : (JSON.stringify(given) ?? 'none');
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
