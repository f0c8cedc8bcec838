import { accessSync, constants } from 'node:fs';
import { release } from 'node:os';
import type { Examination } from '../../model/health.ts';
import { missingCapabilities } from '../capabilities.ts';
import { hostSysctls } from '../iproute/read/dump.ts';
import { currentHolder } from '../lock.ts';
import { createPrograms } from '../program.ts';
import { refusedUserSandbox } from '../sandbox.ts';
import { readManagers } from './managers.ts';
import { readPlaces } from './places.ts';
import { readPrograms } from './programs.ts';
import { tryFeatures } from './trial.ts';

/** Settings of the host that are looked at, none of which netloom changes but `ip_forward` and `forwarding`. */
const SETTINGS = [
  'net/ipv4/ip_forward',
  'net/ipv6/conf/all/forwarding',
  'net/ipv4/conf/all/rp_filter',
  'net/ipv4/conf/default/rp_filter',
  'net/ipv4/neigh/default/gc_thresh3',
  'net/ipv6/neigh/default/gc_thresh3',
  'net/bridge/bridge-nf-call-iptables',
  'net/ipv6/conf/all/disable_ipv6',
];

export interface ExamineOptions {
  /** Lines of nft's language for which the kernel is tried. */
  readonly table: readonly string[];
  /** The host's links of netloom's own: ifindex → name. */
  readonly devices: ReadonlyMap<number, string>;
}

/** Looks at what of the host no plan looks at. Changes nothing: what is tried is tried on a throw-away host. */
export async function examine({ table, devices }: ExamineOptions): Promise<Examination> {
  const run = createPrograms();
  const [programs, trial, userSandbox, managers] = await Promise.all([
    readPrograms(run),
    tryFeatures(run, table),
    refusedUserSandbox(),
    readManagers(run, devices),
  ]);
  const lockedBy = currentHolder();
  return {
    programs,
    release: release(),
    missingCapabilities: missingCapabilities(),
    trial,
    ...(userSandbox === undefined ? {} : { userSandbox }),
    places: readPlaces(),
    settings: hostSysctls(SETTINGS),
    settable: isWritable('/proc/sys/net/ipv4/ip_forward'),
    managers,
    ...(lockedBy === undefined ? {} : { lockedBy }),
  };
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
