import { expect, test } from 'vitest';
import { renumbered } from '../../src/kinds/address/renumbered.ts';
import type { Change, Sides } from '../../src/model/resource.ts';
import { loadTopology } from '../../src/topology/load.ts';

const file = (links: string): string =>
  `version: 1\nname: lab\nsubnets: { lan: { ipv4: 10.80.1.0/24 } }\nbridges: { br: { subnet: lan } }\nnamespaces: { a: {}, b: {}, c: {} }\nlinks: ${links}\n`;

/** The warnings of a plan from one file to another, the addresses of the first being there. */
function warnings(before: string, after: string): string[] {
  const [one, other] = [before, after].map((links) => loadTopology(file(links), 'lab.yaml'));
  const of = (topology: typeof one) => new Map(topology?.links.map(({ ends: [, end] }) => [`address:${end.namespace}:${end.ifname}`, end]));
  const [was, is] = [of(one), of(other)];
  const changes = [...is].flatMap(([id, end]): Change[] => {
    const found = was.get(id);
    if (found === undefined || found.addresses.join() === end.addresses.join()) return [];
    const spec = (addresses: readonly string[]) => ({ dev: end.ifname, addresses });
    return [{ action: 'update', id, before: spec(found.addresses), after: spec(end.addresses), fields: [] } as unknown as Change];
  });
  return renumbered({ changes, view: { topology: other } } as unknown as Sides).map(({ message }) => message);
}

test.each([
  [
    'a link in between',
    '[[a:eth0, br], [b:eth0, br]]',
    '[[c:eth0, br], [a:eth0, br], [b:eth0, br]]',
    ['renumbered: a:eth0, b:eth0 lose their addresses to others, as automatic addresses follow the order of the links'],
  ],
  ['a link at the end', '[[a:eth0, br], [b:eth0, br]]', '[[a:eth0, br], [b:eth0, br], [c:eth0, br]]', []],
  [
    'a swap',
    '[[a:eth0, br], [b:eth0, br]]',
    '[[b:eth0, br], [a:eth0, br]]',
    ['renumbered: b:eth0, a:eth0 lose their addresses to others, as automatic addresses follow the order of the links'],
  ],
  ['an address that is written', '[[a:eth0, br], [b:eth0, br]]', '[{ ends: [a:eth0, br], addresses: [10.80.1.9] }, [b:eth0, br]]', []],
])('renumbering: %s', (_, before, after, expected) => {
  expect(warnings(before, after)).toEqual(expected);
});
