import { expect, test } from 'vitest';
import { HostError, StepError } from '../../src/model/errors.ts';
import { takeInventory } from '../../src/pipeline/show.ts';
import { converge } from '../support/converge.ts';
import { faultRow } from '../support/faults/table.ts';
import { destroy, kernel, load, planOf } from '../support/lab.ts';

const LAB = load(`version: 1
name: lab
subnets: { one: { ipv4: 10.31.1.0/24, ipv6: "fd31:1::/64" } }
bridges: { br-one: { subnet: one } }
namespaces: { pc(1-12): , web: { publish: ["8080:80"], forwarding: true } }
links: [[pc(1-12):eth0, br-one], [web:eth0, br-one]]
`);
const NAMES = new Set(['host', ...LAB.namespaces.map(({ name }) => name)]);
const ENDS = new Set(LAB.links.flatMap(({ ends }) => ends.map(({ ifname }) => ifname)));

test('readers while it comes and goes: they never crash, and say nothing of what is not there', async () => {
  let changing = true;
  let looks = 0;
  const reader = async (look: () => Promise<void>): Promise<void> => {
    while (changing) {
      await look();
      looks += 1;
    }
  };
  const readers = [
    reader(async () => {
      const { topologies, errors } = await takeInventory(kernel);
      expect(errors).toEqual([]);
      expect(topologies.map(({ name }) => name).filter((name) => name !== 'lab')).toEqual([]);
      for (const { namespaces } of topologies) {
        for (const { name, interfaces } of namespaces) {
          expect(NAMES).toContain(name);
          expect(interfaces.map((one) => one.name).filter((one) => one !== 'lo' && !ENDS.has(one))).toEqual([]);
        }
      }
    }),
    reader(async () => {
      const { changes, blockers } = await planOf(LAB);
      expect(blockers).toEqual([]);
      for (const { namespace } of changes) expect(NAMES).toContain(namespace);
    }),
  ];
  for (const one of readers) one.catch(() => undefined);
  try {
    for (let round = 0; round < 6; round += 1) {
      await converge(kernel, LAB);
      await destroy('lab');
    }
  } finally {
    changing = false;
  }
  for (const { reason } of (await Promise.allSettled(readers)).filter((one) => one.status === 'rejected')) {
    throw reason instanceof HostError || reason instanceof StepError
      ? new Error(`${reason.name} ${reason.message}`, { cause: reason })
      : reason;
  }
  expect(looks).toBeGreaterThan(6);
  faultRow(
    '`show` and `plan` run while a topology comes and goes',
    'they wait for nobody, do not fail, and name only what is or was there',
  );
});
