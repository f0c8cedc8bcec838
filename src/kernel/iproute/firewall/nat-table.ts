import type { TranslationState } from '../../../model/firewall.ts';
import { both, type Condition } from './conditions.ts';

/** A rule that matters here: it sends what it takes elsewhere, or on to another chain. */
export interface NatRule {
  readonly chain: string;
  readonly when: Condition;
  /** The chain that it leads on to; absent where it translates. */
  readonly to?: string;
  /** As its tool prints it. */
  readonly text: string;
}

/** A table of somebody else's that translates destinations. */
export interface NatTable {
  readonly family: TranslationState['family'];
  /** For people: `table ip nat`. */
  readonly name: string;
  /** Base chains where what is meant for the host passes. */
  readonly roots: readonly string[];
  readonly rules: readonly NatRule[];
}

/** Jumps nest at most 16 deep (NFT_JUMP_STACK_SIZE, include/net/netfilter/nf_tables.h). */
const DEPTH_MAX = 16;

/** Every translation that its base chains lead to, with all that must hold on the way; one for each way. */
export function translationsOf({ family, name, roots, rules }: NatTable): TranslationState[] {
  const byChain = new Map<string, NatRule[]>();
  for (const rule of rules) {
    const list = byChain.get(rule.chain);
    if (list) list.push(rule);
    else byChain.set(rule.chain, [rule]);
  }
  const follow = (chain: string, condition: Condition, depth: number): TranslationState[] =>
    (byChain.get(chain) ?? []).flatMap((rule) => {
      const joint = both(condition, rule.when);
      if (joint === undefined) return [];
      const { families = [family], ...rest } = joint;
      if (rule.to === undefined) return families.map((one) => ({ ...rest, family: one, table: name, chain, rule: rule.text }));
      return depth < DEPTH_MAX ? follow(rule.to, joint, depth + 1) : [];
    });
  return roots.flatMap((root) => follow(root, {}, 0));
}
