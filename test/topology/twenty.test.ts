import { expect, test } from 'vitest';
import { renderFaults } from '../../src/render/faults.ts';
import { PLAIN } from '../../src/render/style.ts';
import { faultsOf } from './support.ts';

/** A file that is right, and one for a published port of the host. */
const RIGHT = `version: 1
name: lab

subnets:
  lan: { ipv4: 10.80.1.0/24 }
  dmz: { ipv4: 10.80.2.0/24 }

bridges:
  br-lan:
    subnet: lan
  br-dmz: { subnet: dmz, mtu: 1500 }

namespaces:
  pc1: {}
  pc2: { share: pc1 }
  web: { publish: ["8080:80", "[2001:db8::1]:81:80"] }
  db: {}

links:
  - [pc1:eth0, br-lan]
  - { ends: [web:eth0, br-dmz], addresses: [10.80.2.10, "fd00:80:2::10/64"] }
  - [db:eth0, br-lan]
`;

/**
 * What people get wrong: the right text that they did not write, what they wrote instead, and what the message must name for them to get
 * from the one to the other (with the line on which the mistake is).
 */
const MISTAKES: readonly (readonly [mistake: string, right: string, wrong: string, named: readonly string[]])[] = [
  ['wrong indentation', '    subnet: lan\n', '  subnet: lan\n', ['indent it further', 'belongs to the bridge above']],
  ['no indentation', '  pc1: {}\n', 'pc1: {}\n', ['line 14 begins in column 1, this one in column 3']],
  ['a tab', '    subnet: lan\n', '\tsubnet: lan\n', ['tab', 'spaces']],
  ['a misspelt key', 'publish:', 'pubilsh:', ['did you mean publish?']],
  ['a misspelt name', 'db:eth0, br-lan', 'db:eth0, br-lna', ['did you mean br-lan?']],
  ['a missing colon', 'bridges:\n', 'bridges\n', ['put a colon behind the key']],
  ['a missing space', '{ ipv4: 10.80.1.0/24 }', '{ ipv4:10.80.1.0/24 }', ['put a space behind the colon: ipv4: 10.80.1.0/24']],
  ['a bracket that is not closed', '[db:eth0, br-lan]', '[db:eth0, br-lan', ['[ is not closed', '[db:eth0, br-lan]']],
  ['a key twice', '  db: {}\n', '  pc1: {}\n', ['pc1 stands twice', 'rename one']],
  ['an address outside of the subnet', '[10.80.2.10,', '[10.80.3.10,', ['outside of 10.80.2.0/24', 'from 10.80.2.1 to 10.80.2.254']],
  ['a network that is none', '10.80.2.0/24', '10.80.2.0/255.255.255.0', ['10.80.2.0/24']],
  ['host bits', '10.80.2.0/24', '10.80.2.1/24', ['write 10.80.2.0/24']],
  ['networks that overlap', '10.80.2.0/24', '10.80.0.0/16', ['overlaps 10.80.1.0/24 at line 5', 'a network of its own']],
  ['a port that is taken', '  db: {}', '  db: { publish: ["8080:80"] }', ['port 8080', 'line 16']],
  ['a name that is too long', 'br-lan', 'br-local-network', ['16 characters, and Linux takes 15', 'shorten it']],
  ['an IPv6 address without quotes', '"[2001:db8::1]:81:80"', '[2001:db8::1]:81:80', ['quote the whole value']],
  ['the word of another tool', 'publish:', 'ports:', ['write `publish`']],
  ['an end without its interface', '[db:eth0, br-lan]', '[db, br-lan]', ['the interface is missing', 'write db:eth0']],
  ['a namespace that is not declared', '  db: {}\n', '', ['there is no namespace db', 'add it to `namespaces`: db: {}']],
  ['an MTU that is none', 'mtu: 1500', 'mtu: 15', ['below 68', '68 to 65535']],
  ['another version', 'version: 1', 'version: 2', ['write version: 1']],
  ['no name', 'name: lab\n', '', ['name: shop']],
  ['share in a circle', 'pc1: {}', 'pc1: { share: pc2 }', ['circle: pc1 → pc2 → pc1', 'a namespace of its own']],
  [
    'nowhere to publish to',
    '  - { ends: [web:eth0, br-dmz]',
    '  - { ends: [web:eth0, db:eth1]',
    ['no link to a bridge', 'add a link: [web:eth0, BRIDGE]'],
  ],
];

test('the file without mistakes is right', () => {
  expect(faultsOf(RIGHT)).toEqual([]);
});

test.each(MISTAKES)('%s: the message stands where the mistake is, and says how to put it right', (_, right, wrong, named) => {
  expect(RIGHT).toContain(right);
  const source = RIGHT.replaceAll(right, wrong);
  const faults = faultsOf(source, 'lab.yaml');
  const said = faults.map(({ message, hint }) => `${message}; ${hint}`).join('\n');
  for (const words of named) expect(said).toContain(words);
  // One slip of the pen is one or two messages, not a page of them.
  expect(faults.length).toBeLessThanOrEqual(3);
});

test('what the mistakes look like on a screen', async () => {
  const reports = MISTAKES.map(([mistake, right, wrong]) => {
    const source = RIGHT.replaceAll(right, wrong);
    return `== ${mistake}\n${renderFaults(faultsOf(source, 'lab.yaml'), new Map([['lab.yaml', source]]), PLAIN)}`;
  });
  await expect(`${reports.join('\n\n')}\n`).toMatchFileSnapshot('mistakes/twenty.txt');
});
