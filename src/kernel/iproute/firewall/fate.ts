/** A rule without a condition: what becomes of all that reaches it. */
export interface Decision {
  readonly verdict: 'accept' | 'drop' | 'return' | 'jump' | 'goto';
  /** The chain that it leads on to, of `jump` and `goto`. */
  readonly to?: string;
  /** As people know it: `drop`, `reject`, `jump LOGDROP`. */
  readonly text: string;
}

/** What becomes of all that comes to a chain and that no rule with a condition takes out; `by` is the rule that says so. */
export interface Fate {
  readonly verdict: 'accept' | 'drop';
  readonly by: string;
}

type Chains = (chain: string) => readonly Decision[];

/** Follows the rules without a condition through the chains that they lead to; undefined where the end is reached, and the policy decides. */
export function fateOf(chain: string, decisions: Chains, passed: readonly string[] = []): Fate | undefined {
  for (const { verdict, to = '', text } of decisions(chain)) {
    switch (verdict) {
      case 'accept':
      case 'drop':
        return { verdict, by: text };
      case 'return':
        return undefined;
      case 'jump':
      case 'goto': {
        const inner = passed.includes(to) ? undefined : fateOf(to, decisions, [...passed, chain]);
        if (inner !== undefined) return { ...inner, by: `${text}, there ${inner.by}` };
        if (verdict === 'goto') return undefined;
        break;
      }
      default:
        verdict satisfies never;
    }
  }
  return undefined;
}

/** Whether all that comes to a chain is led through another one before anything is decided. */
export function leadsThrough(chain: string, other: string, decisions: Chains): boolean {
  for (const { verdict, to = '' } of decisions(chain)) {
    if (to === other) return true;
    if (verdict !== 'jump' || fateOf(to, decisions, [chain]) !== undefined) return false;
  }
  return false;
}

/** A chain and all those that its rules, with a condition or not, lead to. */
export function reachedFrom(chain: string, targets: (chain: string) => readonly string[]): Set<string> {
  const reached = new Set([chain]);
  // A set that grows while it is walked through is walked through to its new end.
  for (const one of reached) for (const target of targets(one)) reached.add(target);
  return reached;
}
