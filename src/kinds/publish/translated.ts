import type { TranslationState } from '../../model/firewall.ts';
import { isWildcard } from '../../model/host-ports.ts';
import { FAMILIES, type Family, overlaps, parseCidr } from '../../model/ip.ts';
import type { View } from '../../model/resource.ts';
import { HOST } from '../../model/topology.ts';
import type { PublishSpec } from './spec.ts';

/** Tells of published ports which rule of somebody else's would take packets meant for them: the first. */
export function translatorsOf(specs: readonly PublishSpec[], { snapshot }: View): (spec: PublishSpec) => TranslationState | undefined {
  const locals = snapshot.namespaces.get(HOST)?.locals ?? [];
  const own = [...new Set([...locals, ...specs.flatMap(({ hostAddress }) => hostAddress ?? [])])];
  // Mostly few are left: a cluster has a rule for each of its services' own addresses.
  const rules = (snapshot.filters?.translations ?? []).filter(
    ({ addresses }) => addresses === undefined || addresses.some((address) => own.some((one) => meet(address, one))),
  );
  return (spec) =>
    rules.find(
      (one) =>
        (one.protocols?.includes(spec.protocol) ?? true) &&
        (one.ports?.some(([first, last]) => first <= spec.hostPort && spec.hostPort <= last) ?? true) &&
        comesBy(one, spec.interface) &&
        FAMILIES.some((family) => reaches(one, spec, family, locals)),
    );
}

const comesBy = ({ interfaces }: TranslationState, device: string | undefined): boolean =>
  device === undefined ||
  (interfaces?.some((name) => name === device || (name.endsWith('*') && device.startsWith(name.slice(0, -1)))) ?? true);

/** A port on every address meets a rule for one only where that is the host's: others' services behind the host are theirs. */
function reaches({ family: of, addresses }: TranslationState, spec: PublishSpec, family: Family, locals: readonly string[]): boolean {
  if ((of !== 'inet' && of !== family) || spec.target[family] === undefined) return false;
  if (addresses === undefined) return true;
  const own = isWildcard(spec.hostAddress) ? locals : [spec.hostAddress ?? ''];
  return addresses.some((address) => own.some((one) => meet(address, one)));
}

function meet(a: string, b: string): boolean {
  const [one, other] = [network(a), network(b)];
  return one !== undefined && other !== undefined && overlaps(one, other);
}

/** An address is a network of its own. */
const network = (text: string) => parseCidr(text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`);

/** Whose it is, and where to look. */
export const translatorText = ({ table, chain, rule }: TranslationState): string => `${table}, chain ${chain} (${rule})`;

/** Docker's own chain; the command says which container it is. */
export const translatorHint = ({ chain }: TranslationState, port: number): string =>
  /^DOCKER/.test(chain) ? `docker ps --filter publish=${port} shows the container` : 'or remove that rule';
