import { actorOf } from '../kernel/audit/actor.ts';
import { appendAudit } from '../kernel/audit/append.ts';
import { gitStateOf } from '../kernel/audit/git.ts';
import type { Deed } from '../model/audit.ts';
import type { Warning } from '../model/errors.ts';
import { auditEntry } from '../pipeline/audit.ts';
import { versionText } from './version.ts';

/** Read when this is loaded: whoever has begun with this version also records as it, though another one lies on the disk by then, or none. */
const VERSION = versionText();

/** Adds a deed to the audit trail of this host. What goes wrong is a warning: a record is not worth an apply. */
export async function recordDeed(deed: Deed): Promise<Warning | undefined> {
  try {
    // Nothing that is about to be done waits for git.
    const isBegun = deed.plan !== undefined && deed.report === undefined;
    const git = deed.file === undefined || isBegun ? undefined : await gitStateOf(deed.file);
    appendAudit(auditEntry(deed, actorOf(deed.env), git, VERSION));
    return undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      code: 'W_AUDIT',
      message: `this is not in the audit trail: ${why}`,
      hint: 'nothing else is wrong; `netloom log` shows what is in it',
    };
  }
}
