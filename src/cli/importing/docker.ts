import { readNetworks } from '../../kernel/docker/networks.ts';
import type { EngineNetwork } from '../../model/engine.ts';
import { HostError } from '../../model/errors.ts';
import type { Kernel } from '../../model/kernel.ts';
import { shellWord } from '../../model/shell-word.ts';
import { importNetworks, namespaceNames } from '../../pipeline/import/docker.ts';
import { nearest } from '../../render/text.ts';
import type { ImportRequest } from './live.ts';
import { type Settled, settle } from './settle.ts';

/** Networks of Docker's, with their running containers, as a file. Throws HostError where there is none of that name, or no Docker. */
export async function importDocker(kernel: Kernel, { names, name, file, words }: ImportRequest): Promise<Settled> {
  const wanted = [...new Set(names)];
  if (wanted.length === 0) throw new HostError('E_USAGE', "which network of Docker's?", '`docker network ls` lists them');
  const networks = await readNetworks(wanted, unknown);
  const odd = networks.find(({ driver }) => driver !== 'bridge');
  if (odd !== undefined) {
    throw new HostError(
      'E_IMPORT_DRIVER',
      `the network ${odd.name} is no bridge: its driver is ${odd.driver}`,
      'only networks whose driver is `bridge` have a counterpart',
    );
  }
  const spaces = namespaceNames(networks.flatMap(({ containers }) => containers.map((container) => container.name)));
  const attach = new Map([...spaces].map(([container, space]) => [space, { container }]));
  const snapshot = await kernel.dump({ topologies: [], namespaces: [], sysctls: new Map(), files: [], attach });
  const slug = (wanted[0] ?? '')
    .toLowerCase()
    .replace(/[^a-z0-9-]/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 31);
  return settle(importNetworks(networks, spaces, snapshot, name ?? (slug || 'imported')), () => head(words, networks, file), file);
}

function head(words: readonly string[], networks: readonly EngineNetwork[], file: string): string[] {
  const ipv6 = networks.some(({ subnets }) => subnets.some(({ subnet }) => subnet.includes(':')));
  const isDefault = networks.some(({ name }) => name === 'bridge');
  return [
    `Docker's network ${networks.map(({ name }) => name).join(', ')} as netloom makes it, by \`netloom import ${words.map(shellWord).join(' ')}\`.`,
    '',
    'Nothing of it can be taken over: as long as Docker has the network, `netloom plan` names what is in the way (the subnet, eth0 in',
    'each container, the ports). The containers keep running, addresses and MACs stay, when it moves; connections wait for that moment:',
    '',
    ...networks.flatMap(({ name, containers }) =>
      containers.map((container) => `  docker network disconnect ${shellWord(name)} ${shellWord(container.name)}`),
    ),
    ...networks.filter(({ name }) => name !== 'bridge').map(({ name }) => `  docker network rm ${shellWord(name)}`),
    `  netloom apply ${shellWord(file)}`,
    '',
    "After a container's restart apply again, or let `netloom watch` do it. Docker's own name server knows these containers no more.",
    'Containers that do not run now are not in here.',
    ...(isDefault ? ['Docker\'s default network cannot be removed: write another subnet, or start dockerd with "bridge": "none".'] : []),
    ...(ipv6 ? ['IPv6: Docker before 27 neither filters nor masquerades it; netloom does both (nat and inbound of the bridge).'] : []),
  ];
}

function unknown(name: string, known: readonly string[]): HostError {
  const meant = nearest(name, known);
  return new HostError(
    'E_IMPORT_UNKNOWN',
    `Docker has no network ${name}`,
    meant === undefined ? `there are ${known.join(', ')}` : `did you mean ${meant}?`,
  );
}
