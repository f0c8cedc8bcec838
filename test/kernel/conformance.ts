import { expect, test } from 'vitest';
import type { Kernel } from '../../src/model/kernel.ts';
import type { Operation } from '../../src/model/operation.ts';
import { addressesCases } from './cases/addresses.ts';
import { linksCases } from './cases/links.ts';
import { namespacesCases } from './cases/namespaces.ts';
import { nftCases } from './cases/nft.ts';
import { routesCases } from './cases/routes.ts';
import { sysctlsCases } from './cases/sysctls.ts';
import { project } from './projection.ts';

const CASES = [...namespacesCases, ...linksCases, ...addressesCases, ...routesCases, ...sysctlsCases, ...nftCases];

/** Runs every case against a kernel; `create` gives one whose host is empty. */
export function describeConformance(create: () => Promise<Kernel>): void {
  test.each(CASES)('$claim', async ({ runs, statuses, sysctls, holds }) => {
    const kernel = await create();
    for (const [index, steps] of runs.entries()) {
      const operations = steps.map(([phase, step]): Operation => ({ resource: 'test:case', phase, step }));
      const outcomes = await kernel.run(operations);
      expect(outcomes.map(({ operation }) => operation)).toEqual(operations);
      const wanted = index === runs.length - 1 && statuses ? statuses : operations.map(() => 'done');
      expect(outcomes.map(({ status, error }) => (error ? `${status}: ${error.message}`.split(':')[0] : status))).toEqual(wanted);
    }
    const scope = {
      namespaces: ['a', 'b', 'c'],
      topologies: 'all',
      sysctls: new Map(Object.entries(sysctls ?? {})),
      files: ['/run/netloom/t.json'],
    } as const;
    expect(project(await kernel.dump(scope))).toEqual(holds);
  });
}
