import { readFileSync } from 'node:fs';
import { HostError } from '../../../model/errors.ts';
import { FAMILIES, type Family } from '../../../model/ip.ts';
import type { ProgramResult } from '../../program.ts';
import { parseSave, type SavedTable } from './iptables-save.ts';

/** Tables of the old ip_tables in this namespace, one a line: absent, or empty, where nobody has used them. */
const LOADED: Readonly<Record<Family, string>> = { ipv4: '/proc/net/ip_tables_names', ipv6: '/proc/net/ip6_tables_names' };
const SAVE: Readonly<Record<Family, string>> = { ipv4: 'iptables-legacy-save', ipv6: 'ip6tables-legacy-save' };

export type LegacyTables = Readonly<Record<Family, readonly SavedTable[]>>;

/** What stands in the tables of iptables-legacy, which nft does not see; a process for each family that has any. Nothing without that tool. */
export async function readLegacy(run: (argv: readonly string[]) => Promise<ProgramResult>): Promise<LegacyTables> {
  const tables: Record<Family, readonly SavedTable[]> = { ipv4: [], ipv6: [] };
  for (const family of FAMILIES) if (isLoaded(family)) tables[family] = await save(run, SAVE[family]);
  return tables;
}

async function save(run: (argv: readonly string[]) => Promise<ProgramResult>, tool: string): Promise<SavedTable[]> {
  try {
    const { exitCode, stdout } = await run([tool]);
    return exitCode === 0 ? parseSave(stdout) : [];
  } catch (error) {
    if (error instanceof HostError && error.code === `E_NO_${tool.toUpperCase()}`) return [];
    throw error;
  }
}

function isLoaded(family: Family): boolean {
  try {
    return readFileSync(LOADED[family], 'utf8').trim() !== '';
  } catch {
    return false;
  }
}
