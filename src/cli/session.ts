import { HostError } from '../model/errors.ts';
import type { Change, Plan } from '../model/resource.ts';
import type { Session } from '../model/session.ts';
import { confirm } from './confirm.ts';
import type { Context } from './context.ts';
import { exclusively } from './exclusive.ts';
import type { Host } from './host.ts';

/** Where a plan touches the way by which whoever runs this has come. */
interface Touched {
  readonly changes: readonly Change[];
  readonly message: string;
}

/** Says where a plan touches the way of this SSH session. */
export async function tellSession(plan: Plan, context: Context): Promise<void> {
  const touched = await touchedBy(plan, context);
  if (touched !== undefined) context.tell({ code: 'W_SESSION', message: touched.message }, 'warning');
}

async function touchedBy(plan: Plan, context: Context): Promise<Touched | undefined> {
  if (plan.operations.length === 0 || plan.blockers.length > 0) return undefined;
  const session = await context.host.session(context.io.env);
  if (session === undefined) return undefined;
  const { changesOnPath } = await import('../pipeline/session.ts');
  const changes = changesOnPath(plan, session);
  if (changes.length === 0) return undefined;
  const ids = changes.map(({ id }) => id);
  const more = ids.length > SHOWN ? ` and ${ids.length - SHOWN} more` : '';
  const message = `this touches the way of your SSH session (${wayText(session)}): ${ids.slice(0, SHOWN).join(', ')}${more}`;
  return { changes, message };
}

/** What somebody has agreed to so far of what touches his own way. */
export interface Consent {
  /**
   * Whether he has to be asked before these plans are carried out: they touch his way otherwise than he has agreed to, and there is neither --confirm nor
   * --yes. Throws HostError E_SESSION where nobody can be asked.
   */
  isMissing(plans: readonly Plan[]): Promise<boolean>;
}

/**
 * Does something under the lock. Where it finds that somebody has to be asked (undefined), the lock is given back for as long as he thinks, and then it is
 * done anew: what he has agreed to may no longer be what would be done. Throws HostError E_SESSION where he says no, E_LOCKED.
 */
export async function exclusivelyAgreed<T>(context: Context, work: (host: Host, consent: Consent) => Promise<T | undefined>): Promise<T> {
  let agreed: ReadonlySet<string> = new Set();
  for (;;) {
    let wanted: ReadonlySet<string> = new Set();
    const isMissing: Consent['isMissing'] = async (plans) => {
      const touched = (await Promise.all(plans.map((plan) => touchedBy(plan, context)))).flatMap((one) => one ?? []);
      wanted = new Set(touched.flatMap(({ changes }) => changes.map((change) => JSON.stringify(change))));
      if ([...wanted].every((one) => agreed.has(one))) return false;
      for (const { message } of touched) context.tell({ code: 'W_SESSION', message }, 'warning');
      if (context.flags.confirm !== undefined || context.flags.yes) return false;
      if (!isTerminal(context)) throw refusal(`nothing was changed: ${touched.map(({ message }) => message).join('; ')}`);
      return true;
    };
    const result = await exclusively(context, (host) => work(host, { isMissing }));
    if (result !== undefined) return result;
    if (!(await confirm('Go on without --confirm?', context))) throw refusal('nothing was changed');
    agreed = wanted;
  }
}

const isTerminal = ({ io, flags }: Context): boolean => io.stdin.isTTY === true && io.stderr.isTTY === true && !flags.json;

const refusal = (message: string): HostError =>
  new HostError('E_SESSION', message, '--confirm 60s goes back by itself if you are cut off; --yes goes on without');

const SHOWN = 5;

const wayText = ({ peer, devices: [device = ''] }: Session): string => `${peer} by ${device}`;
