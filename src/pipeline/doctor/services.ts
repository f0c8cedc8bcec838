import type { FilterState } from '../../model/firewall.ts';
import type { Examination, Finding } from '../../model/health.ts';
import { FAMILIES } from '../../model/ip.ts';
import { doubtful, fine } from './finding.ts';

/** Network services that have settings for links of ours, and would undo what we do. */
export function services({ managers }: Examination, own: number): Finding[] {
  const found = managers.flatMap(({ service, devices }) =>
    devices.map((device) =>
      doubtful('services', service, {
        code: 'W_MANAGED',
        message: `manages ${device}, which is netloom's: it may take away addresses and routes, or the link from its bridge`,
        fix: service === 'NetworkManager' ? `nmcli device set ${device} managed no` : unmanage(device),
      }),
    ),
  );
  const none = own === 0 ? 'netloom has no links here yet; ask again after the first apply' : "none has settings for netloom's links";
  return found.length > 0 ? found : [fine('services', 'systemd-networkd, NetworkManager', none)];
}

const unmanage = (device: string): string =>
  `printf '[Match]\\nName=${device}\\n[Link]\\nUnmanaged=yes\\n' >/etc/systemd/network/05-${device}.network && networkctl reload`;

/** Who else filters or translates; what of it is in the way, the plans' blockers say. */
export function firewalls({ dockerUser, hooks }: FilterState): Finding[] {
  const chains = FAMILIES.flatMap((family): Finding[] => {
    const docker = dockerUser[family];
    if (docker === undefined) return [];
    const bridges = docker.bridges.length === 0 ? '' : `; its bridges are ${docker.bridges.join(', ')}`;
    const where = docker.legacy ? ', in the tables of iptables-legacy' : '';
    return [
      fine(
        'firewalls',
        'Docker',
        `has DOCKER-USER for ${family === 'ipv4' ? 'IPv4' : 'IPv6'}${where}, where netloom puts its rules${bridges}`,
      ),
    ];
  });
  const others =
    hooks.length === 0 ? 'nobody else filters what this host forwards' : `see what is forwarded or translated: ${hooks.join('; ')}`;
  return [...chains, fine('firewalls', 'others', others)];
}
