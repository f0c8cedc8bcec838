import { readFileSync } from 'node:fs';
import { HostError } from '../../model/errors.ts';
import type { ManagerState } from '../../model/health.ts';
import { list } from '../iproute/read/names.ts';
import type { RunProgram } from '../program.ts';

/** By ifindex, what systemd-networkd makes of a link. `networkctl` says the same, but only where there is a D-Bus. */
const NETWORKD = '/run/systemd/netif/links';

/** Which of these devices network services have taken into their care. */
export async function readManagers(run: RunProgram, devices: ReadonlyMap<number, string>): Promise<ManagerState[]> {
  const networkd = list(NETWORKD).flatMap((file) => {
    const device = devices.get(Number(file));
    return device !== undefined && isManagedByNetworkd(text(`${NETWORKD}/${file}`)) ? [device] : [];
  });
  const known = new Set(devices.values());
  const manager = devicesOfNetworkManager(await askNetworkManager(run)).filter((device) => known.has(device));
  return [
    { service: 'systemd-networkd' as const, devices: networkd.sort() },
    { service: 'NetworkManager' as const, devices: manager.sort() },
  ].filter((one) => one.devices.length > 0);
}

/** `ADMIN_STATE=` (systemd 252, networkd-link.c: link_save): `unmanaged`, or how far its set-up is. */
export const isManagedByNetworkd = (state: string): boolean => {
  const admin = /^ADMIN_STATE=(.*)$/m.exec(state)?.[1] ?? '';
  return !['', 'unmanaged', 'linger', 'initialized', 'pending'].includes(admin);
};

async function askNetworkManager(run: RunProgram): Promise<string> {
  try {
    const { exitCode, stdout } = await run(['nmcli', '-t', '-f', 'DEVICE,STATE', 'device']);
    return exitCode === 0 ? stdout : '';
  } catch (error) {
    if (error instanceof HostError) return ''; // it is not installed
    throw error;
  }
}

/**
 * Devices that NetworkManager has settings for, from `DEVICE:STATE` lines (nmcli 1.42). `connected (externally)` is somebody else's work that it
 * only shows.
 */
export const devicesOfNetworkManager = (output: string): string[] =>
  output.split('\n').flatMap((line) => {
    const [, device, state = ''] = /^(.+):([^:]+)$/.exec(line) ?? [];
    const isLeftAlone = /^(unmanaged|unavailable|disconnected|connected \(externally\)|disconnecting)/.test(state);
    return device === undefined || isLeftAlone ? [] : [device.replaceAll('\\:', ':')];
  });

function text(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
