import { writeFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { netloom } from '../support/command-line.ts';
import { everything } from '../support/faults/killing.ts';
import { stopBefore } from '../support/faults/stopped.ts';
import { faultRow } from '../support/faults/table.ts';
import { untouched } from '../support/faults/untouched.ts';
import { shell } from '../support/sandbox.ts';

const FILE = '/run/lab/lab.yaml';
const LAB = `version: 1
name: lab
subnets: { one: { ipv4: 10.31.1.0/24 } }
bridges: { br-one: { subnet: one } }
namespaces: { web: { publish: ["8080:80"] }, old: }
links: [[web:eth0, br-one], [old:eth0, br-one]]
`;
const CHANGED = `version: 1
name: lab
subnets: { one: { ipv4: 10.31.1.0/24 } }
bridges: { br-one: { subnet: one, mtu: 1400 } }
namespaces: { web: { publish: ["8081:80"] }, new: }
links: [[web:eth0, br-one], [new:eth0, br-one]]
`;

/** netloom has read the host and planned; nothing is done yet. */
const FIRST_WRITE = /^file \/(etc\/netns|run\/netloom\/(?!lock))/;

const isUntouched = untouched();
afterEach(async () => {
  expect(await netloom('destroy lab --yes', '/')).toMatchObject({ code: 0 });
  await isUntouched();
});

const apply = () => netloom(`apply ${FILE} --quiet`, '/');

async function arrives(): Promise<void> {
  expect(await apply()).toMatchObject({ code: 0 });
  expect(await netloom(`plan ${FILE}`, '/')).toMatchObject({ code: 0, stdout: 'No changes.\n' });
}

test.each([
  ['takes the name of a bridge', 'ip link add br-one type bridge', 'ip link del br-one', /br-one: .*File exists/],
  ['takes the name of a namespace', 'ip netns add old; ip -n old link set lo up', 'ip netns del old', /old.*File exists/],
])(
  'stopped between plan and apply while somebody %s: it goes back, his stays, and the next run refuses until he has gone',
  async (what, harm, undo, says) => {
    writeFileSync(FILE, LAB);
    let theirs: unknown;
    const meanwhile = async () => {
      await shell(harm);
      theirs = await everything();
    };
    expect(await stopBefore(FIRST_WRITE, meanwhile, 'apply', FILE, '--quiet')).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(says),
    });
    expect(await everything()).toEqual(theirs);
    expect(await apply()).toMatchObject({ code: 1 });
    expect(await everything()).toEqual(theirs);
    await shell(undo);
    await arrives();
    faultRow(
      `it is stopped between plan and apply while somebody ${what}`,
      'everything goes back, and his stays; exit code 3; the next apply refuses, exit code 1, until he has gone',
    );
  },
);

test.each([
  ['removes a bridge that is to change', 'ip link del br-one'],
  ['removes a link that is to change', 'ip -n web link del eth0'],
  ['removes a namespace that is to change', 'ip netns del web'],
  ['removes the table', 'nft delete table inet netloom-lab'],
])(
  'stopped between plan and apply while somebody %s: all is as it was before, his removal included, and the next run arrives',
  async (what, harm) => {
    writeFileSync(FILE, LAB);
    await arrives();
    const before = await everything();
    writeFileSync(FILE, CHANGED);
    expect(await stopBefore(FIRST_WRITE, () => shell(harm), 'apply', FILE, '--quiet')).toMatchObject({ code: 3 });
    expect(await everything()).toEqual(before);
    await arrives();
    faultRow(
      `it is stopped between plan and apply while somebody ${what}`,
      'it fails and brings back what was there when it planned; exit code 3; the next apply arrives',
    );
  },
);

test.each([
  ['removes a namespace that is to go', 'ip netns del old'],
  ['sets the mtu that is to change', 'ip link set br-one mtu 1300'],
  ['sets another mtu inside', 'ip -n web link set eth0 mtu 1300'],
  ['removes the mark of a namespace', 'rm -r /etc/netns/web'],
])('stopped between plan and apply while somebody %s: it arrives', async (what, harm) => {
  writeFileSync(FILE, LAB);
  await arrives();
  writeFileSync(FILE, CHANGED);
  expect(await stopBefore(FIRST_WRITE, () => shell(harm), 'apply', FILE, '--quiet')).toMatchObject({ code: 0, stderr: '' });
  expect(await netloom(`plan ${FILE}`, '/')).toMatchObject({ code: 0, stdout: 'No changes.\n' });
  faultRow(`it is stopped between plan and apply while somebody ${what}`, 'it arrives; exit code 0');
});

test.each([
  ['adds an address to a bridge of ours', 'ip addr add 10.99.9.9/24 dev br-one', /did not stick: address:host:br-one .*10\.99\.9\.9/],
  ['adds a route inside', 'ip -n web route add 10.98.0.0/16 dev eth0 proto static', /did not stick: route:web/],
])('stopped between plan and apply while somebody %s: it names what is left, and the next run arrives', async (what, harm, says) => {
  writeFileSync(FILE, LAB);
  await arrives();
  writeFileSync(FILE, CHANGED);
  expect(await stopBefore(FIRST_WRITE, () => shell(harm), 'apply', FILE, '--quiet')).toMatchObject({
    code: 4,
    stderr: expect.stringMatching(says),
  });
  await arrives();
  faultRow(`it is stopped between plan and apply while somebody ${what}`, 'it names what is left; exit code 4; the next apply arrives');
});

test('stopped between plan and apply while somebody takes an address elsewhere: it says what is in the way now', async () => {
  writeFileSync(FILE, LAB);
  const ended = await stopBefore(FIRST_WRITE, () => shell('ip addr add 10.31.1.1/24 dev foreign0'), 'apply', FILE);
  expect(ended).toMatchObject({ code: 0, stderr: expect.stringMatching(/10\.31\.1\.0\/24 overlaps .* foreign0 \(E_SUBNET_OVERLAP\)/) });
  expect(await apply()).toMatchObject({ code: 1 });
  await shell('ip addr del 10.31.1.1/24 dev foreign0');
  await arrives();
  faultRow(
    'it is stopped between plan and apply while somebody takes an address of ours for an interface of his',
    'it arrives and says what is in the way now; exit code 0; the next apply refuses, exit code 1, until that has gone',
  );
});
