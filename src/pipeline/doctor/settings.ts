import type { Examination, Finding } from '../../model/health.ts';
import { bad, doubtful, fine } from './finding.ts';

/** Linux's own value (net/core/neighbour.c); below it a lab of some hundred namespaces fails. */
const USUAL_THRESHOLD = 1024;

/** Settings of the host that matter to what netloom makes. `ends`: interfaces that the topologies asked about have, 0 where none were. */
export function settings({ settings: values, settable }: Examination, ends: number, isRoot: boolean): Finding[] {
  return [
    forwarding(values, settable || !isRoot),
    ...bridgeFilter(values),
    ...reversePath(values),
    ...neighbours(values, ends),
    ...ipv6(values),
  ];
}

type Values = Examination['settings'];

function forwarding(values: Values, settable: boolean): Finding {
  const subject = 'net.ipv4.ip_forward';
  const value = values.get('net/ipv4/ip_forward');
  if (value === '1') return fine('settings', subject, 'on');
  if (settable) return fine('settings', subject, 'off; an apply turns it on where a bridge is a gateway, and destroy off again');
  return bad('settings', subject, {
    code: 'E_SYSCTL_READONLY',
    message: 'off, and /proc/sys may not be written: a bridge that is a gateway cannot work',
    fix: 'run netloom as root; in a container, start it with --privileged or with --sysctl net.ipv4.ip_forward=1',
  });
}

function bridgeFilter(values: Values): Finding[] {
  const value = values.get('net/bridge/bridge-nf-call-iptables');
  if (value === undefined) return [];
  const what = value === '1' ? 'on: what is only bridged passes through iptables as well; our rules allow for it' : 'off';
  return [fine('settings', 'net.bridge.bridge-nf-call-iptables', what)];
}

function reversePath(values: Values): Finding[] {
  const strict = ['all', 'default'].filter((scope) => values.get(`net/ipv4/conf/${scope}/rp_filter`) === '1');
  if (strict.length === 0) return [fine('settings', 'rp_filter', 'not strict')];
  const keys = strict.map((scope) => `net.ipv4.conf.${scope}.rp_filter`);
  return [
    doubtful('settings', 'rp_filter', {
      code: 'W_RP_FILTER',
      message: `strict: the host drops what comes in by another interface than it would answer by, as with two uplinks or with asymmetric routes`,
      fix: `where you need that: sysctl -w ${keys.map((key) => `${key}=2`).join(' ')}`,
    }),
  ];
}

/** One table of neighbours for all namespaces of the host; seen in the initial one alone. */
function neighbours(values: Values, ends: number): Finding[] {
  return ['ipv4', 'ipv6'].flatMap((family): Finding[] => {
    const key = `net.${family}.neigh.default.gc_thresh3`;
    const value = Number(values.get(key.replaceAll('.', '/')) ?? Number.NaN);
    if (Number.isNaN(value)) return [];
    // Each end may come to know the other one of its link, and the gateway.
    const wanted = Math.max(USUAL_THRESHOLD, 2 * ends);
    if (value >= wanted) return [fine('settings', key, `${value} neighbours, of all namespaces together`)];
    const why = wanted > USUAL_THRESHOLD ? `${ends} interfaces may need ${wanted}` : `${USUAL_THRESHOLD} is usual`;
    return [
      doubtful('settings', key, {
        code: 'W_NEIGHBOURS',
        message: `only ${value} neighbours, of all namespaces together; ${why}, and what is beyond is not reached`,
        fix: `sysctl -w ${key}=${Math.max(4096, 2 * wanted)}`,
      }),
    ];
  });
}

function ipv6(values: Values): Finding[] {
  if (values.get('net/ipv6/conf/all/disable_ipv6') !== '1') return [];
  const message = 'switched off for the host; netloom switches it on for a bridge that has an IPv6 address, and in its own namespaces';
  return [fine('settings', 'net.ipv6.conf.all.disable_ipv6', message)];
}
