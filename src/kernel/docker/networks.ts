import type { EngineContainer, EngineNetwork, EnginePort } from '../../model/engine.ts';
import { HostError, StepError } from '../../model/errors.ts';
import { canonical } from '../../model/ip.ts';
import { HOST } from '../../model/topology.ts';
import { containerName } from '../checked.ts';
import { EdgeError, type Fields, isFields, listOf, optionalFields, optionalText, parseJson, text } from '../iproute/read/edge.ts';
import { atEdge } from '../iproute/read/namespace.ts';
import { createPrograms, isInstalled, type RunProgram } from '../program.ts';

/** A daemon that does not answer must not hold an import up for ever. */
const TIMEOUT_MS = 10_000;

/** Asks Docker for its networks by their names. Throws HostError where Docker does not answer, or `unknown` gives one. */
export async function readNetworks(
  names: readonly string[],
  unknown: (name: string, known: readonly string[]) => HostError,
  run: RunProgram = createPrograms(),
): Promise<EngineNetwork[]> {
  const known = (await ask(run, ['docker', 'network', 'ls', '--format', '{{.Name}}'])).split('\n').filter((name) => name !== '');
  const missing = names.find((name) => !known.includes(name));
  if (missing !== undefined) throw unknown(missing, known.toSorted());
  const argv = ['docker', 'network', 'inspect', '--', ...names];
  const said = await ask(run, argv);
  const documents = atEdge(argv, HOST, () => listOf(parseJson(said, 'docker'), 'docker network inspect'));
  const members = documents.map((network) => Object.keys(optionalFields(network, 'Containers')).filter((id) => /^[0-9a-f]{64}$/.test(id)));
  const containers = await inspect(run, [...new Set(members.flat())]);
  return atEdge(argv, HOST, () => documents.map((network, index) => networkOf(network, containersAmong(members[index] ?? [], containers))));
}

function containersAmong(ids: readonly string[], containers: ReadonlyMap<string, Fields>): Fields[] {
  return ids.map((id) => containers.get(id)).filter((container) => container !== undefined);
}

async function inspect(run: RunProgram, ids: readonly string[]): Promise<Map<string, Fields>> {
  if (ids.length === 0) return new Map();
  const argv = ['docker', 'inspect', '--type', 'container', '--', ...ids.map(containerName)];
  const said = await ask(run, argv);
  return atEdge(
    argv,
    HOST,
    () => new Map(listOf(parseJson(said, 'docker'), 'docker inspect').map((container) => [text(container, 'Id'), container])),
  );
}

async function ask(run: RunProgram, argv: readonly string[]): Promise<string> {
  if (!isInstalled('docker')) throw unanswered('it is not installed');
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const result = await run(argv, { signal: timeout });
    if (result.exitCode === 0) return result.stdout;
    if (/cannot connect|is the docker daemon running/i.test(result.stderr)) throw unanswered(result.stderr.trim().split('\n')[0] ?? '');
    throw new StepError({ ...result, namespace: HOST });
  } catch (error) {
    if (timeout.aborted) throw unanswered(`no answer within ${TIMEOUT_MS / 1000} s`);
    throw error;
  }
}

const unanswered = (reason: string): HostError =>
  new HostError('E_IMPORT_ENGINE', `Docker cannot be asked for its networks: ${reason}`, 'is its daemon running, and may you talk to it?');

/** Reads one document of `docker network inspect` with those of its containers (Docker 20.10). */
export function networkOf(network: Fields, containers: readonly Fields[]): EngineNetwork {
  const name = text(network, 'Name');
  const configs: unknown = optionalFields(network, 'IPAM').Config;
  return {
    name,
    driver: text(network, 'Driver'),
    internal: network.Internal === true,
    subnets: (Array.isArray(configs) ? configs.filter(isFields) : []).map((config) => {
      const gateway = optionalText(config, 'Gateway')?.split('/')[0];
      return { subnet: canonical(text(config, 'Subnet')), ...(gateway ? { gateway: canonical(gateway) } : {}) };
    }),
    options: textsOf(optionalFields(network, 'Options')),
    containers: containers.map((container) => containerOf(container, name)).sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

const textsOf = (fields: Fields): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));

function containerOf(container: Fields, network: string): EngineContainer {
  const settings = optionalFields(container, 'NetworkSettings');
  const end = optionalFields(optionalFields(settings, 'Networks'), network);
  const address = (key: string, length: string): string[] => {
    const own = optionalText(end, key);
    return own ? [canonical(`${own}/${Number(end[length])}`)] : [];
  };
  const id = text(container, 'Id');
  const aliases: unknown = end.Aliases;
  return {
    name: text(container, 'Name').replace(/^\//, ''),
    mac: optionalText(end, 'MacAddress') ?? '',
    addresses: [...address('IPAddress', 'IPPrefixLen'), ...address('GlobalIPv6Address', 'GlobalIPv6PrefixLen')],
    // Docker adds the short form of the id to them.
    aliases: (Array.isArray(aliases) ? aliases : []).filter((one): one is string => typeof one === 'string' && !id.startsWith(one)),
    ports: portsOf(optionalFields(settings, 'Ports')),
  };
}

/** `{"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8080"}], "443/tcp": null}` */
function portsOf(ports: Fields): EnginePort[] {
  return Object.entries(ports).flatMap(([key, bindings]) => {
    const [, port, protocol = ''] = /^(\d+)\/(tcp|udp|sctp)$/.exec(key) ?? [];
    if (port === undefined || !Array.isArray(bindings)) return [];
    return bindings.filter(isFields).map((binding) => {
      const hostPort = Number(optionalText(binding, 'HostPort'));
      if (!Number.isInteger(hostPort)) throw new EdgeError('docker: a published port without a host port');
      return { port: Number(port), protocol, hostAddress: canonical(optionalText(binding, 'HostIp') ?? ''), hostPort };
    });
  });
}
