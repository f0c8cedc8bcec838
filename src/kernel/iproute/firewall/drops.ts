import type { DropState } from '../../../model/firewall.ts';
import {
  decisionOf,
  type Expressions,
  hasNamedMap,
  passageOf,
  rulesIn,
  savedDecisionOf,
  savedPassage,
  savedTargetOf,
  targetsOf,
} from './decisions.ts';
import { type Decision, fateOf, leadsThrough, reachedFrom } from './fate.ts';
import type { SavedTable } from './iptables-save.ts';

type Drop = Pick<DropState, 'reason' | 'passages'>;

/** The rules of a table of nft, by chain. */
export type RulesByChain = ReadonlyMap<string, readonly Expressions[]>;

/** Whether a base chain drops what nobody lets through, by its policy or by rules without a condition; with every way through on its way. */
export function dropOf(chain: string, policy: string | undefined, rules: RulesByChain): Drop | undefined {
  const reason = reasonOf(chain, policy === 'drop', decisionsIn(rules));
  if (reason === undefined) return undefined;
  const targets = (one: string): string[] =>
    (rules.get(one) ?? []).flatMap((rule) => (hasNamedMap(rule) ? [...rules.keys()] : targetsOf(rule)));
  return { reason, passages: [...reachedFrom(chain, targets)].flatMap((one) => (rules.get(one) ?? []).flatMap(passageOf)) };
}

/** Whether all that a chain sees goes through DOCKER-USER before anything is decided, as Docker has it. */
export const passesDockerUser = (chain: string, rules: RulesByChain): boolean => leadsThrough(chain, 'DOCKER-USER', decisionsIn(rules));

/** The same of a table of iptables; a policy of chains made by people is none. */
export function savedDropOf(chain: string, { policies, rules }: Pick<SavedTable, 'policies' | 'rules'>): Drop | undefined {
  const reason = reasonOf(chain, policies.get(chain) === 'DROP', savedDecisionsIn(rules));
  if (reason === undefined) return undefined;
  const targets = (one: string): string[] => rulesIn({ rules }, one).flatMap((rule) => savedTargetOf(rule) ?? []);
  return { reason, passages: [...reachedFrom(chain, targets)].flatMap((one) => rulesIn({ rules }, one).flatMap(savedPassage)) };
}

export const passesSavedDockerUser = (chain: string, { rules }: Pick<SavedTable, 'rules'>): boolean =>
  leadsThrough(chain, 'DOCKER-USER', savedDecisionsIn(rules));

function reasonOf(chain: string, byPolicy: boolean, decisions: (chain: string) => readonly Decision[]): string | undefined {
  const fate = fateOf(chain, decisions);
  if (fate !== undefined) return fate.verdict === 'drop' ? `its rule ${fate.by}` : undefined;
  return byPolicy ? 'policy drop' : undefined;
}

const decisionsIn =
  (rules: RulesByChain) =>
  (chain: string): Decision[] =>
    (rules.get(chain) ?? []).flatMap((rule) => decisionOf(rule) ?? []);

const savedDecisionsIn =
  (rules: readonly string[]) =>
  (chain: string): Decision[] =>
    rulesIn({ rules }, chain).flatMap((rule) => savedDecisionOf(rule) ?? []);
