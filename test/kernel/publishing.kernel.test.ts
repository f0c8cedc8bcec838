import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createProber } from '../../src/kernel/prober.ts';
import type { Prober } from '../../src/model/prober.ts';
import { converge } from '../support/converge.ts';
import { type Docker, startDocker } from '../support/docker.ts';
import { destroy, kernel } from '../support/lab.ts';
import { shell } from '../support/sandbox.ts';
import { dockerOutcome, type Group, type Outcome, type SharedRow, textOf } from './reachability/case.ts';
import { GROUPS } from './reachability/cases.ts';
import { buildWithDocker } from './reachability/docker.ts';
import { buildLan, forgeLoopback, listenInLab, listenOnLan, listenOnOpen } from './reachability/lan.ts';
import { bridgeNfSettings, outcomeOf, setBridgeNf } from './reachability/measure.ts';
import { topology } from './reachability/netloom.ts';
import { judge, pageWith, type Verdicts } from './reachability/table.ts';

const README = join(import.meta.dirname, '../../README.md');

let lan: Prober;
let lab: Prober;

/** Agents of the lab end with it, those of the machines that stay do not. */
const proberOf = (row: SharedRow): Prober => (['host', 'lan', 'far'].includes(row[0]) ? lan : lab);

const line = (row: SharedRow, outcome: Outcome): string => `${textOf(row)} → ${outcome}`;

const outcomes = (rows: readonly SharedRow[]): Promise<Outcome[]> => Promise.all(rows.map((row) => outcomeOf(proberOf(row), row)));

/** What has come of a group's cases, as lines; kept for README's table. */
async function ask({ title, rows }: Group, verdicts: Verdicts): Promise<string[]> {
  const seen = await outcomes(rows);
  return rows.map((row, index) => {
    const outcome = seen[index] ?? 'unreachable';
    judge(verdicts, title, textOf(row), outcome === row[4]);
    return line(row, outcome);
  });
}

const verdicts: Readonly<Record<'netloom' | 'docker', Verdicts>> = { netloom: new Map(), docker: new Map() };
let dockerVersion = '';

test('there are 80 cases and more, each asked once', () => {
  const texts = GROUPS.flatMap(({ rows }) => rows.map(textOf));
  expect(texts.length).toBeGreaterThanOrEqual(80);
  expect(new Set(texts).size).toBe(texts.length);
});

beforeAll(async () => {
  lan = createProber();
  await buildLan();
  await listenOnLan(lan);
});

afterAll(async () => {
  await lan.close();
  await shell('ip netns del lan; ip netns del far');
});

describe('netloom', () => {
  beforeAll(async () => {
    await converge(kernel, topology);
    await shell(forgeLoopback('rogue', '172.31.1.1'));
    lab = createProber();
    await listenInLab(lab);
    await listenOnOpen(lab);
  });

  afterAll(async () => {
    await lab.close();
    expect((await destroy(topology.name)).status).toBe('converged');
  });

  describe.each(bridgeNfSettings)('bridge-nf-call-iptables %s', (setting) => {
    let putBack: () => void;
    beforeAll(() => {
      putBack = setBridgeNf(setting);
    });
    afterAll(() => putBack());

    test.each(GROUPS)('$title', async (group) => {
      expect(await ask(group, verdicts.netloom)).toEqual(group.rows.map((row) => line(row, row[4])));
    });
  });

  test('it is the guard that drops packets to 127.0.0.1: without it they arrive', async () => {
    const forged = ['rogue', 'tcp', '127.0.0.1', 7777, 'unreachable'] as const;
    await shell('nft flush chain inet netloom-pub guard');
    expect(await outcomes([forged])).toEqual(['as 172.31.1.4']);
    await converge(kernel, topology);
    expect(await outcomes([forged])).toEqual(['unreachable']);
  });
});

describe('docker', () => {
  let docker: Docker;

  beforeAll(async () => {
    docker = await startDocker();
    dockerVersion = (await docker.docker('version', '--format', '{{.Server.Version}}')).replace(/\+.*/, '');
    await buildWithDocker(docker);
    await shell(forgeLoopback('rogue', '172.31.1.1'));
    lab = createProber();
    await listenInLab(lab);
  });

  afterAll(async () => {
    await lab.close();
    await docker.stop();
  });

  describe.each(bridgeNfSettings)('bridge-nf-call-iptables %s', (setting) => {
    let putBack: () => void;
    beforeAll(() => {
      putBack = setBridgeNf(setting);
    });
    afterAll(() => putBack());

    test.each(GROUPS.filter((group) => 'docker' in group))('$title', async (group) => {
      expect(await ask(group, verdicts.docker)).toEqual(group.rows.map((row) => line(row, dockerOutcome(row, setting === '1'))));
    });
  });
});

// `npx vitest run --project kernel test/kernel/publishing.kernel.test.ts -u` writes the table.
test("README's table says what has come of the cases", async () => {
  const page = pageWith(readFileSync(README, 'utf8'), dockerVersion, verdicts.netloom, verdicts.docker);
  await expect(page).toMatchFileSnapshot(README);
});
