import { align } from '../../render/table.ts';
import type { Answers } from './answers.ts';

/** As many namespaces are named one by one; more than these as a range. */
const NAMED = 4;

/** A first file with what its parts are for. `file`: as it is going to be called. */
export function firstFile(
  { name, namespaces, subnet, publish }: Answers,
  { bridge, member }: { readonly bridge: string; readonly member: string },
  file: string,
): string {
  const width = Math.max(2, String(namespaces).length);
  const number = (index: number): string => member + String(index).padStart(width, '0');
  const [first, last] = [number(1), number(namespaces)];
  const rest =
    namespaces === 1
      ? []
      : namespaces <= NAMED
        ? names(namespaces, number)
        : [`${member}(${padded(2, width)}-${padded(namespaces, width)})`];
  const family = subnet.includes(':') ? 'ipv6' : 'ipv4';
  const network = family === 'ipv6' ? `"${subnet}"` : subnet;
  const target = file === '-' ? 'netloom.yaml' : file;
  const [hostPort = '', port = ''] = (publish ?? '').split(':');
  const steps = [
    [`plan ${target}`, 'what would change; changes nothing'],
    [`apply ${target}`, 'makes the host be like this; a second time changes nothing'],
    [`verify ${target}`, 'tries the checks below'],
    [`destroy ${name}`, 'removes it all again'],
  ] as const;
  return [
    `# ${title(namespaces)} on one bridge. What to do with it, as root:`,
    ...align(steps.map(([command, text]) => [`#   netloom ${command}`, text])),
    '# `netloom sandbox` is a throw-away host to try it in.',
    'version: 1',
    `name: ${name} # what it makes on a host is marked with this`,
    '',
    'subnets:',
    `  lan: { ${family}: ${network} } # the bridge holds the first address and is the gateway`,
    '',
    'bridges: # switches on the host',
    `  ${bridge}: { subnet: lan }`,
    '',
    'namespaces: # each is a machine of its own: interfaces, addresses, routes, ports',
    publish === undefined
      ? `  ${first}:`
      : `  ${first}: { publish: ["${publish}"] } # port ${hostPort} of the host leads to port ${port} in here`,
    ...rest.map((each) => `  ${each}:${each.includes('(') ? ' # a range: one entry for all of them' : ''}`),
    '',
    'links: # one cable each: namespace:interface, and the bridge; addresses are handed out in this order',
    ...[first, ...rest].map((each) => `  - [${each}:eth0, ${bridge}]`),
    '',
    'checks: # what must hold; `netloom verify` tries it',
    `  - { from: ${namespaces > 1 ? last : 'host'}, to: ${first}, ping: true }`,
    '',
  ].join('\n');
}

const padded = (number: number, width: number): string => String(number).padStart(width, '0');

const names = (count: number, number: (index: number) => string): string[] =>
  Array.from({ length: count - 1 }, (_, index) => number(index + 2));

const title = (namespaces: number): string => (namespaces === 1 ? 'One namespace' : `${namespaces} namespaces`);
