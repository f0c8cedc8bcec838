import { parseDuration } from '../model/duration.ts';
import { type Family, familyOf, formatIp, parseIp } from '../model/ip.ts';
import type { Check } from '../model/topology.ts';
import type { Draft } from './draft.ts';
import { FAMILY_NAME, readIp } from './entities/ip.ts';
import { expand } from './entities/ranges.ts';
import type { Faults } from './faults.ts';
import { itemsOf, type RawCheck, type RawList } from './raw.ts';
import type { Path } from './syntax/places.ts';
import { quote } from './syntax/quote.ts';
import { didYouMean } from './syntax/suggest.ts';

const TIMEOUT_MS = 2000;
const TIMEOUT_MAX_MS = 600_000;

/** What must hold once the host has converged. */
export function readChecks(draft: Draft, faults: Faults): Check[] {
  const checks = itemsOf<RawCheck>(draft.raw.checks);
  const held = checks.length === 0 ? new Set<string>() : heldAddresses(draft);
  return checks.flatMap(([raw, step]) => {
    const path = ['checks', ...step];
    const from = readNames(raw.from, [...path, 'from'], draft, held, faults);
    const to = readNames(raw.to, [...path, 'to'], draft, undefined, faults);
    const probe = readProbe(raw, path, faults);
    const timeoutMs = raw.timeout === undefined ? TIMEOUT_MS : readDuration(raw.timeout, [...path, 'timeout'], faults);
    const source = raw.source === undefined ? undefined : readIp(raw.source, [...path, 'source'], faults);
    if (probe === undefined) return [];
    checkCombination(raw, probe, path, faults);
    // A server that is to see 10.0.0.1 is asked by IPv4 alone.
    const family = raw.family ?? source?.family;
    const optional = {
      ...(family === undefined ? {} : { family }),
      ...(source === undefined ? {} : { source: formatIp(source) }),
    };
    const check = { from, to, probe, expect: raw.expect ?? 'reachable', ...optional, timeoutMs, serve: raw.serve ?? true };
    return [{ ...check, origin: faults.origin(path) }];
  });
}

function heldAddresses(draft: Draft): Set<string> {
  const nodes = [...draft.nodes.values()];
  const all = nodes.flatMap((node) => [...node.interfaces.flatMap((each) => each.addresses), ...node.loopback.map(({ cidr }) => cidr)]);
  return new Set(all.map(formatIp));
}

/** Names and addresses, ranges expanded. `held`: the addresses that will do; undefined: any. */
function readNames(
  value: string | RawList<string>,
  path: Path,
  draft: Draft,
  held: ReadonlySet<string> | undefined,
  faults: Faults,
): string[] {
  return itemsOf<string>(value).flatMap(([text, step]) => {
    const at = [...path, ...step];
    const ip = parseIp(text);
    if (ip !== undefined) {
      const address = formatIp(ip);
      if (held !== undefined && !held.has(address) && !faults.spoilt()) {
        faults.add(at, 'E_CHECK', `nobody in this file holds ${address}, so nobody can probe from it`, 'write a namespace, or host');
      }
      return [address];
    }
    const names = expand(text);
    if ('problem' in names) {
      faults.add(at, 'E_RANGE', `${quote(text)}: ${names.problem}`, 'for example pc(01-20)');
      return [];
    }
    const unknown = names.find((name) => !draft.nodes.has(name));
    if (unknown === undefined || faults.spoilt('section:namespaces')) return names;
    const isBridge = draft.bridges.has(unknown);
    const hint = didYouMean(faults.suggest(unknown, draft.nodes.keys()), 'write a namespace, host, or an address');
    const message = isBridge ? `${unknown} is a bridge, which answers no probe` : `there is no namespace ${quote(unknown)}`;
    faults.add(at, 'E_UNKNOWN_NAME', message, isBridge ? 'write host, or the address of the bridge' : hint);
    return [];
  });
}

function readProbe(raw: RawCheck, path: Path, faults: Faults): Check['probe'] | undefined {
  const given = (['ping', 'tcp', 'udp'] as const).filter((kind) => raw[kind] !== undefined);
  const [kind, second] = given;
  if (kind === undefined) {
    if (!faults.spoilt(`check:${path[1] ?? ''}`))
      faults.add(path, 'E_CHECK', 'the check does not say what to probe', 'add ping: true, tcp: PORT or udp: PORT');
    return undefined;
  }
  if (second !== undefined) {
    faults.addAtKey([...path, second], 'E_CHECK', `the check has both ${kind} and ${second}`, 'make two checks of it');
    return undefined;
  }
  if (kind !== 'ping') return { kind, port: raw[kind] ?? 0 };
  if (raw.ping === true) return { kind: 'ping' };
  faults.add(
    [...path, 'ping'],
    'E_CHECK',
    'ping: false probes nothing',
    'write ping: true, with expect: unreachable where it must not answer',
  );
  return undefined;
}

function readDuration(text: string, path: Path, faults: Faults): number {
  const ms = parseDuration(text) ?? Number.POSITIVE_INFINITY; // the schema has checked its form: it has too many digits
  if (ms >= 1 && ms <= TIMEOUT_MAX_MS) return ms;
  faults.add(path, 'E_VALUE', `a timeout of ${text} is ${ms < 1 ? 'none' : 'too long'}`, 'write 1ms to 10m; 2s is usual');
  return TIMEOUT_MS;
}

/** Reports options that say nothing about this kind of probe. */
function checkCombination(raw: RawCheck, probe: NonNullable<Check['probe']>, path: Path, faults: Faults): void {
  const idle = (key: string, message: string, hint: string) => faults.addAtKey([...path, key], 'E_NO_EFFECT', message, hint);
  if (probe.kind === 'ping') {
    if (raw.source !== undefined)
      idle('source', 'a ping has no server that could tell the source', 'probe with tcp or udp, or remove source');
    if (raw.serve !== undefined) idle('serve', 'a ping needs no listener', 'remove serve');
    if (raw.expect === 'refused') idle('expect', 'a ping is answered or not, never refused', 'write unreachable');
  } else if (raw.source !== undefined && (raw.expect ?? 'reachable') !== 'reachable') {
    idle('source', 'nobody sees the source of what does not arrive', 'remove source');
  }
  const family: Family | undefined = raw.source === undefined || parseIp(raw.source) === undefined ? undefined : familyOf(raw.source);
  if (family !== undefined && raw.family !== undefined && family !== raw.family) {
    const message = `${raw.source} is an ${FAMILY_NAME[family]} address, and family is ${raw.family}`;
    faults.add([...path, 'source'], 'E_CHECK', message, 'make both the same');
  }
}
