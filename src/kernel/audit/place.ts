import { lstatSync } from 'node:fs';

/** A directory that the set-up of a sandbox makes in its own /run (sandbox-setup.ts). */
const IN_SANDBOX = '/run/netloom-sandbox';

/**
 * Where the audit trail is. It outlives a reboot, unlike /run/netloom. No variable of the environment decides it, since what a person does as
 * root must not go elsewhere by his word; a sandbox, which shares /var with its host, has a place of its own that goes with it.
 */
export function auditDirectory(): string {
  const isSandbox = lstatSync(IN_SANDBOX, { throwIfNoEntry: false })?.isDirectory() === true;
  return isSandbox ? IN_SANDBOX : '/var/lib/netloom';
}

export const auditPath = (directory = auditDirectory()): string => `${directory}/log.jsonl`;

/** What was moved aside when the file had become too large. */
export const olderPath = (directory = auditDirectory()): string => `${directory}/log.1.jsonl`;
