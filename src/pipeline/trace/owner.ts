import { topologyOfTable } from '../../model/marks.ts';
import type { RuleRef } from '../../model/trace.ts';

/** Firewalls are known by the names that they give; what nobody has named is somebody's. */
export function ownerOf({ family, table, chain }: Pick<RuleRef, 'family' | 'table' | 'chain'>): Pick<RuleRef, 'owner' | 'topology'> {
  const topology = family === 'inet' ? topologyOfTable(table) : undefined;
  if (topology !== undefined) return { owner: 'netloom', topology };
  if (table === 'firewalld') return { owner: 'firewalld' };
  if (/^DOCKER/.test(chain)) return { owner: 'Docker' };
  if (/^LIBVIRT_/.test(chain) || /^libvirt/.test(table)) return { owner: 'libvirt' };
  if (/^ufw6?-/.test(chain)) return { owner: 'ufw' };
  const isIptables = (family === 'ip' || family === 'ip6') && ['filter', 'nat', 'mangle', 'raw', 'security'].includes(table);
  return isIptables && /^[A-Z]+$/.test(chain) ? { owner: 'iptables' } : {};
}
