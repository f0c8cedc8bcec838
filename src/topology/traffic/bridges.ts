import { FAMILIES, type Family } from '../../model/ip.ts';
import type { DraftBridge } from '../draft.ts';
import { FAMILY_NAME } from '../entities/ip.ts';
import type { Faults } from '../faults.ts';

/** In which families a bridge masquerades; reports a `nat` that cannot have an effect. */
export function readNat(bridge: DraftBridge, faults: Faults): Record<Family, boolean> {
  const { nat, internal } = bridge.raw;
  const networks = bridge.segment.subnet?.networks ?? {};
  const path = [...bridge.path, 'nat'];
  const isSpoilt = faults.spoilt(`bridge:${bridge.name}`);
  if (nat !== undefined && bridge.raw.subnet === undefined && !isSpoilt) {
    faults.addAtKey(path, 'E_NO_EFFECT', `${bridge.name} has no subnet for nat to act on`, 'give it a subnet, or remove nat');
  } else if (nat !== undefined && nat !== false && internal === true) {
    faults.addAtKey(path, 'E_NO_EFFECT', `${bridge.name} is internal: nothing leaves that nat could act on`, 'remove nat, or internal');
  } else if ((nat === 'ipv4' || nat === 'ipv6') && networks[nat] === undefined && !isSpoilt) {
    faults.add(
      path,
      'E_NO_EFFECT',
      `${bridge.name} has no ${FAMILY_NAME[nat]} network for nat to act on`,
      'add the network to its subnet, or remove nat',
    );
  }
  const wanted = (family: Family): boolean => {
    if (internal === true || networks[family] === undefined) return false;
    // The gateway of another machine would have to do it itself.
    if (nat === undefined) return bridge.own.addresses.some((cidr) => cidr.family === family);
    return nat === true || nat === family;
  };
  const [ipv4, ipv6] = FAMILIES.map(wanted);
  return { ipv4: ipv4 === true, ipv6: ipv6 === true };
}

/** Reports options of a bridge that another one makes idle. */
export function checkBridge({ name, path, raw }: DraftBridge, faults: Faults): void {
  if (raw.internal !== true) return;
  for (const key of ['inbound', 'allow'] as const) {
    if (raw[key] === undefined || raw[key] === null) continue;
    faults.addAtKey(
      [...path, key],
      'E_NO_EFFECT',
      `${name} is internal: nothing is forwarded that ${key} could act on`,
      `remove ${key}, or internal`,
    );
  }
}
