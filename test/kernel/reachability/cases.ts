import type { Group } from './case.ts';
import { FROM_THE_HOST } from './from-the-host.ts';
import { FROM_THE_LAN } from './from-the-lan.ts';
import { SETTINGS } from './settings.ts';

/** Who reaches whom, and as whom: what must hold of the lab with either setting of `bridge-nf-call-iptables`. */
export const GROUPS: readonly Group[] = [...FROM_THE_LAN, ...FROM_THE_HOST, ...SETTINGS];
