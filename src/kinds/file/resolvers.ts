import type { Warning } from '../../model/errors.ts';
import type { Sides } from '../../model/resource.ts';
import type { HostFacts } from '../../model/snapshot.ts';
import type { Namespace } from '../../model/topology.ts';

/** `host` without a resolver on the host leaves the namespace without a file of its own. */
export function resolversOf(dns: Namespace['dns'], facts: HostFacts): readonly string[] {
  return dns === 'host' ? facts.resolvers : (dns ?? []);
}

/** Namespaces that are to have the host's resolvers where it has none that they could reach. */
export function withoutResolver({ desired, view }: Sides): Warning[] {
  const names = (view.topology?.namespaces ?? [])
    .filter(({ name, dns }) => dns === 'host' && !desired.has(`file:/etc/netns/${name}/resolv.conf`))
    .map(({ name }) => name);
  if (names.length === 0) return [];
  const list = `${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`;
  return [
    {
      code: 'W_NO_RESOLVER',
      message: `this host names no resolver that can be reached from a namespace, at most a stub on a loopback address whose upstream is not known: names do not resolve in ${list} (dns: host)`,
      hint: 'write the addresses of the resolvers in place of `host`: dns: [ADDRESS]',
    },
  ];
}
