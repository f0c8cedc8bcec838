import { describe, expect, test } from 'vitest';
import { hostsFiles } from '../../src/kinds/file/hosts.ts';
import { briefly, load } from './support.ts';

const NET =
  'subnets: { a: { ipv4: 10.0.1.0/24, ipv6: fd00:1::/64 }, b: { ipv4: 10.0.2.0/24 } }\nbridges: { br-a: { subnet: a }, br-b: { subnet: b }, br-l2: }\n';
const NAMESPACES = 'namespaces: { db: {}, web: { aliases: [www] }, far: {}, side: { share: web }, pc(1-2): {} }\n';

const file = (links: string) => `${NET}${NAMESPACES}links: [${links}]`;

/** What each namespace calls by a one-way alias. */
const aliases = (links: string) =>
  load(file(links)).namespaces.flatMap(({ name, oneWayAliases }) =>
    oneWayAliases.map(({ alias, addresses }) => `${name}: ${alias} = ${addresses.join(' ')}`),
  );

describe('as', () => {
  test.each([
    [
      'between two namespaces',
      '{ ends: [db:e0, web:e0], subnet: { ipv4: 10.0.9.0/29 }, as: { web: database } }',
      ['web: database = 10.0.9.1'],
    ],
    [
      'both ways, if both are asked for',
      '{ ends: [db:e0, web:e0], subnet: { ipv4: 10.0.9.0/29 }, as: { web: database, db: client } }',
      ['db: client = 10.0.9.2', 'web: database = 10.0.9.1'],
    ],
    ['towards the host', '{ ends: [web:e0, host:to-web], subnet: { ipv4: 10.0.9.0/29 }, as: { web: uplink } }', ['web: uplink = 10.0.9.1']],
    ['a member calls its bridge', '{ ends: [web:e0, br-a], as: { web: gate } }', ['web: gate = 10.0.1.1 fd00:1::1']],
    [
      'another member calls the member, as --link did',
      '[web:e0, br-a], { ends: [db:e0, br-a], as: { web: database } }',
      ['web: database = 10.0.1.3 fd00:1::3'],
    ],
    ['whatever the order', '{ ends: [br-b, db:e0], as: { web: database } }, [web:e0, br-b]', ['web: database = 10.0.2.2']],
    [
      'each of a range for itself',
      '{ ends: ["pc(1-2):e0", br-b], as: { pc(1-2): gate } }',
      ['pc1: gate = 10.0.2.1', 'pc2: gate = 10.0.2.1'],
    ],
  ])('%s', (_, links, expected) => {
    expect(aliases(links)).toEqual(expected);
  });

  test.each([
    ['nobody of that name', '{ ends: [web:e0, br-b], as: { webb: gate } }', 'E_UNKNOWN_NAME'],
    ['the host', '{ ends: [web:e0, host:x], subnet: { ipv4: 10.0.9.0/29 }, as: { host: web01 } }', 'E_LINK_OPTION'],
    ['a shared name', '{ ends: [web:e0, br-b], as: { side: gate } }', 'E_LINK_OPTION'],
    ['one who is elsewhere', '[far:e0, br-a], { ends: [web:e0, br-b], as: { far: www } }', 'E_LINK_OPTION'],
    [
      'one who is not on the link',
      '[far:e0, br-a], { ends: [web:e0, db:e0], subnet: { ipv4: 10.0.9.0/29 }, as: { far: shop } }',
      'E_LINK_OPTION',
    ],
    ['several things', '[web:e0, br-b], { ends: ["pc(1-2):e0", br-b], as: { web: pc } }', 'E_LINK_OPTION'],
    ['itself', '{ ends: [web:e0, web:e1], as: { web: me } }', 'E_LINK_OPTION'],
    ['what has no address', '{ ends: [web:e0, br-l2], as: { web: gate } }', 'E_NO_EFFECT'],
    ['by a name that it resolves', '[web:e0, br-b], { ends: [db:e0, br-b], as: { web: db } }', 'E_NAME_DUPLICATE'],
    ['by a name of its own', '{ ends: [web:e0, br-b], as: { web: www } }', 'E_NAME_DUPLICATE'],
    ['two things alike', '{ ends: [web:e0, br-b], as: { web: x } }, { ends: [db:e0, br-b], as: { web: x } }', 'E_NAME_DUPLICATE'],
    ['localhost', '{ ends: [web:e0, br-b], as: { web: localhost } }', 'E_NAME'],
    ['no host name', '{ ends: [web:e0, br-b], as: { web: my_gate } }', 'E_NAME'],
    ['a bridge as its key', '{ ends: [web:e0, br-b], as: { Br: gate } }', 'E_NAME'],
    ['a list', '{ ends: [web:e0, br-b], as: [gate] }', 'E_TYPE'],
  ])('%s is refused', (_, links, code) => {
    expect(briefly(`version: 1\nname: lab\n${file(links)}`).map((fault) => fault.split(' ')[1])).toEqual([code]);
  });

  test('stands in the hosts file of that namespace alone, whatever its names', () => {
    const files = hostsFiles(load(file('[web:e0, br-b], { ends: [db:e0, br-b], as: { web: database } }')));
    const knowing = [...files].filter(([, { text }]) => text.includes('10.0.2.3\tdatabase\n')).map(([name]) => name);
    expect(knowing).toEqual(['web', 'side']);
  });
});
