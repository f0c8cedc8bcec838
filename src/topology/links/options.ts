import { HOST } from '../../model/topology.ts';
import type { Faults } from '../faults.ts';
import type { RawLongLink } from '../raw.ts';
import type { Path } from '../syntax/places.ts';
import type { Found } from './links.ts';

/** Reports options that do not apply to this kind of link. */
export function checkOptions(low: Found, high: Found, long: RawLongLink, path: Path, faults: Faults): void {
  const wrong = (at: Path, message: string, hint: string) => faults.addAtKey(at, 'E_LINK_OPTION', message, hint);
  if (low.found.is === 'bridge') {
    const { bridge } = low.found;
    for (const key of ['addresses', 'defaultRoute', 'linkLocal'] as const) {
      const setting = low.settings[key];
      const hint =
        key === 'addresses' ? "the bridge holds its subnet's gateway; members' addresses stand beside `ends`" : 'put it into the other end';
      if (setting !== undefined) wrong(setting.path, `the port of a bridge has no ${key}`, hint);
    }
    if (long.subnet !== undefined) {
      wrong([...path, 'subnet'], `the link is addressed by the subnet of ${bridge.name}`, 'remove subnet here');
    }
  } else {
    for (const key of ['addresses', 'mac', 'defaultRoute'] as const) {
      if (long[key] === undefined) continue;
      const hint = `put it into the long form of the end: { at: ${low.at}, ${key}: … }`;
      wrong([...path, key], `${key} beside ends could mean either end`, hint);
    }
  }
  for (const end of [low, high]) {
    const { name, defaultRoute } = end.settings;
    const { found } = end;
    if (found.is === 'bridge') continue;
    if (name !== undefined)
      wrong(name.path, 'only the port of a bridge takes a name', `the interface is named in at: ${found.node.name}:NAME`);
    const chosen =
      defaultRoute ?? (low.found.is === 'bridge' && long.defaultRoute !== undefined ? { path: [...path, 'defaultRoute'] } : undefined);
    if (found.node.name === HOST && chosen !== undefined) {
      wrong(chosen.path, 'the host gets no implied default route', 'write it out: host: { routes: [{ to: default, via: … }] }');
    }
  }
}
