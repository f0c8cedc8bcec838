import type { Passage } from '../../../model/firewall.ts';
import { type Fields, isFields } from '../read/edge.ts';
import type { Decision } from './fate.ts';
import { optionOf, type SavedTable, wordsOf } from './iptables-save.ts';

export type Expressions = readonly Fields[];

export const expressionsOf = ({ expr }: Fields): Expressions => (Array.isArray(expr) ? (expr as readonly unknown[]) : []).filter(isFields);

/** Neither a condition nor a decision: numbers, words, marks. */
const isIdle = (expression: Fields): boolean => ['counter', 'log', 'mangle'].some((name) => name in expression) || isIdleXt(expression.xt);

const isIdleXt = (xt: unknown): boolean => isFields(xt) && (xt.name === 'comment' || xt.name === 'LOG' || xt.name === 'NFLOG');

/** What nft calls `reject`, and what iptables-nft makes of it, of which nft 1.0.6 says nothing but the name. */
const isReject = (expression: Fields): boolean => 'reject' in expression || (isFields(expression.xt) && expression.xt.name === 'REJECT');

/** What a rule without a condition decides; undefined for one that has any. */
export function decisionOf(rule: Expressions): Decision | undefined {
  const [only, ...others] = rule.filter((expression) => !isIdle(expression));
  if (only === undefined || others.length > 0) return undefined;
  if (isReject(only)) return { verdict: 'drop', text: 'reject' };
  for (const verdict of ['accept', 'drop', 'return'] as const) if (verdict in only) return { verdict, text: verdict };
  const [target] = targetsOf(rule);
  if (target === undefined || 'vmap' in only) return undefined;
  const verdict = 'goto' in only ? 'goto' : 'jump';
  return { verdict, to: target, text: `${verdict} ${target}` };
}

/** Whether a rule leads on by a named map: whither is not told, as `-t` leaves its elements out. */
export const hasNamedMap = (rule: Expressions): boolean => rule.some(({ vmap }) => isFields(vmap) && typeof vmap.data === 'string');

/** Chains that a rule leads to. */
export function targetsOf(rule: Expressions): string[] {
  return rule.flatMap((expression) =>
    [expression, ...verdictsOf(expression).map(([, verdict]) => verdict)]
      .flatMap((one) => [one.jump, one.goto])
      .flatMap((one) => (isFields(one) && typeof one.target === 'string' ? [one.target] : [])),
  );
}

/** Key and verdict of each element of an anonymous verdict map. */
function verdictsOf({ vmap }: Fields): [key: unknown, verdict: Fields][] {
  const data = isFields(vmap) && isFields(vmap.data) && Array.isArray(vmap.data.set) ? (vmap.data.set as readonly unknown[]) : [];
  return data.flatMap((pair): [unknown, Fields][] => {
    if (!Array.isArray(pair)) return [];
    const [key, verdict]: readonly unknown[] = pair;
    return isFields(verdict) ? [[key, verdict]] : [];
  });
}

const letsPass = (one: Fields): boolean => 'accept' in one || 'jump' in one || 'goto' in one;

/** A rule that accepts, or leads on to others, by interface alone. What it leads to is not followed: whoever names the interface means it. */
export function passageOf(rule: Expressions): Passage[] {
  const rest = rule.filter((expression) => !isIdle(expression) && !('xt' in expression));
  const matches = rest.filter((expression) => 'match' in expression);
  const [verdict, ...others] = rest.filter((expression) => !('match' in expression));
  if (verdict === undefined || others.length > 0) return [];
  if (isFields(verdict.vmap)) {
    const names = verdictsOf(verdict).flatMap(([key, one]) => (typeof key === 'string' && letsPass(one) ? [key] : []));
    return [
      ...(isMeta(verdict.vmap.key, 'iifname') ? [{ incoming: names }] : []),
      ...(isMeta(verdict.vmap.key, 'oifname') ? [{ outgoing: names }] : []),
    ];
  }
  if (!letsPass(verdict)) return [];
  const [incoming, outgoing] = [interfacesOf(matches, 'iifname'), interfacesOf(matches, 'oifname')];
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

const VERDICTS: Readonly<Record<string, Decision['verdict']>> = { ACCEPT: 'accept', DROP: 'drop', REJECT: 'drop', RETURN: 'return' };

/** The same of a rule of iptables, as `iptables -S` prints it. Targets that are neither a verdict nor a chain decide nothing. */
export function savedDecisionOf(rule: string): Decision | undefined {
  const [, option, target = ''] = /^-A \S+ (?:-m comment --comment (?:"(?:[^"\\]|\\.)*"|\S+) )?-([jg]) (\S+)/.exec(rule) ?? [];
  if (option === undefined) return undefined;
  const verdict = VERDICTS[target];
  if (verdict !== undefined) return { verdict, text: target.toLowerCase() };
  const way = option === 'g' ? 'goto' : 'jump';
  return { verdict: way, to: target, text: `${way} ${target}` };
}

/** Whether a rule of iptables decides about everything that comes to it, here and now. */
export const isFinal = (rule: string): boolean => ['accept', 'drop', 'return'].includes(savedDecisionOf(rule)?.verdict ?? '');

export function savedPassage(rule: string): Passage[] {
  const words = wordsOf(rule);
  const target = savedTargetOf(rule) ?? '';
  if (['DROP', 'REJECT', 'RETURN', 'LOG'].includes(target)) return [];
  const name = (option: string): string | undefined => {
    const found = optionOf(words, option);
    return found === undefined || found.negated ? undefined : found.value.replace(/\+$/, '*');
  };
  const [incoming, outgoing] = [name('-i'), name('-o')];
  if (incoming === undefined && outgoing === undefined) return [];
  return [{ ...(incoming ? { incoming: [incoming] } : {}), ...(outgoing ? { outgoing: [outgoing] } : {}) }];
}

/** What a rule of iptables does, or the chain that it leads to. */
export const savedTargetOf = (rule: string): string | undefined => optionOf(wordsOf(rule), '-j', '-g')?.value;

/** The rules of one chain. */
export const rulesIn = ({ rules }: Pick<SavedTable, 'rules'>, chain: string): string[] =>
  rules.filter((rule) => rule.startsWith(`-A ${chain} `));
