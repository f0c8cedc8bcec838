import type { DropState, Passage } from '../../../model/firewall.ts';
import { type Fields, isFields, optionalText } from '../read/edge.ts';
import { optionOf, type SavedTable, wordsOf } from './iptables-save.ts';

export type Expressions = readonly Fields[];

export const expressionsOf = ({ expr }: Fields): Expressions => (Array.isArray(expr) ? (expr as readonly unknown[]) : []).filter(isFields);

/** Why a base chain drops what nobody lets through: by its policy, or by an unconditional rule; undefined where it does not. */
export function reasonOf(chain: Fields, rules: readonly Expressions[]): string | undefined {
  const policy = optionalText(chain, 'policy') === 'drop' ? 'policy drop' : undefined;
  return rules.map(finalDrop).find((one) => one !== undefined) ?? policy;
}

const isIdle = (expression: Fields): boolean => 'counter' in expression || 'xt' in expression;

/** `drop` or `reject` of a rule without a condition. */
function finalDrop(rule: Expressions): string | undefined {
  const [only, ...others] = rule.filter((expression) => !('counter' in expression));
  if (only === undefined || others.length > 0) return undefined;
  return 'drop' in only ? 'its rule drop' : 'reject' in only ? 'its rule reject' : undefined;
}

/** A rule that accepts, or leads on to others, by interface alone. What it leads to is not followed: whoever names the interface means it. */
export function passageOf(rule: Expressions): Passage[] {
  const rest = rule.filter((expression) => !isIdle(expression));
  const matches = rest.filter((expression) => 'match' in expression);
  const verdict = rest.filter((expression) => !('match' in expression));
  if (verdict.length !== 1 || !verdict.some((one) => 'accept' in one || 'jump' in one || 'goto' in one)) return [];
  const names = (key: string): string[] | undefined => interfacesOf(matches, key);
  const [incoming, outgoing] = [names('iifname'), names('oifname')];
  if (incoming === undefined && outgoing === undefined) return [];
  return [{ ...(incoming ? { incoming } : {}), ...(outgoing ? { outgoing } : {}) }];
}

/** The interfaces that a rule asks for under that key; undefined where it does not, or says which not. */
export function interfacesOf(rule: Expressions, key: string): string[] | undefined {
  const found = rule.map(({ match }) => match).find((one) => isFields(one) && isMeta(one.left, key));
  return isFields(found) && found.op !== '!=' ? namesIn(found.right) : undefined;
}

const isMeta = (left: unknown, key: string): boolean => isFields(left) && isFields(left.meta) && left.meta.key === key;

function namesIn(right: unknown): string[] {
  if (typeof right === 'string') return [right];
  return isFields(right) && Array.isArray(right.set) ? right.set.filter((one): one is string => typeof one === 'string') : [];
}

/** A rule of iptables without a condition, which decides about everything: its target. */
export const decisionOf = (rule: string): string | undefined =>
  /^-A \S+ (?:-m comment --comment (?:"[^"]*"|\S+) )?-j (\S+)/.exec(rule)?.[1];

/** A chain of iptables, seen through `iptables-save` or `iptables -S`, that drops; `policy` is absent for chains made by people. */
export function savedDrop(rules: readonly string[], policy?: string): Pick<DropState, 'reason' | 'passages'> | undefined {
  const last = rules.map(decisionOf).find((target) => target === 'DROP' || target === 'REJECT');
  const reason = last !== undefined ? `its rule ${last.toLowerCase()}` : policy === 'DROP' ? 'policy drop' : undefined;
  return reason === undefined ? undefined : { reason, passages: rules.flatMap(savedPassage) };
}

function savedPassage(rule: string): Passage[] {
  const words = wordsOf(rule);
  const target = optionOf(words, '-j', '-g')?.value ?? '';
  if (['DROP', 'REJECT', 'RETURN', 'LOG'].includes(target)) return [];
  const name = (option: string): string | undefined => {
    const found = optionOf(words, option);
    return found === undefined || found.negated ? undefined : found.value.replace(/\+$/, '*');
  };
  const [incoming, outgoing] = [name('-i'), name('-o')];
  if (incoming === undefined && outgoing === undefined) return [];
  return [{ ...(incoming ? { incoming: [incoming] } : {}), ...(outgoing ? { outgoing: [outgoing] } : {}) }];
}

/** The rules of one chain. */
export const rulesIn = ({ rules }: Pick<SavedTable, 'rules'>, chain: string): string[] =>
  rules.filter((rule) => rule.startsWith(`-A ${chain} `));
