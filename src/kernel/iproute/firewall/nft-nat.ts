import { type Fields, isFields, optionalText, text } from '../read/edge.ts';
import { printRule } from '../read/nft-text.ts';
import { both, type Condition } from './conditions.ts';
import type { NatRule } from './nat-table.ts';
import { type Elements, inFamily, keyOf, matchOf, valuesOf } from './nft-match.ts';

/** What a rule of `nft -j` does that matters to what is meant for the host: translations and ways to other chains. */
export function natRulesOf(rule: Fields, elements: Elements): NatRule[] {
  const expressions = (Array.isArray(rule.expr) ? (rule.expr as readonly unknown[]) : []).filter(isFields);
  const [chain, shown] = [text(rule, 'chain'), textOf(rule, expressions)];
  let conditions: readonly Condition[] = [{}];
  const rules: NatRule[] = [];
  for (const expression of expressions) {
    if (isFields(expression.match)) conditions = cross(conditions, matchOf(expression.match, elements));
    for (const { when, to } of outcomes(expression, elements)) {
      rules.push(...cross(conditions, [when]).map((one) => ({ chain, when: one, text: shown, ...(to === undefined ? {} : { to }) })));
    }
  }
  return rules;
}

const cross = (some: readonly Condition[], others: readonly Condition[]): Condition[] =>
  some.flatMap((one) => others.flatMap((other) => both(one, other) ?? []));

function outcomes(expression: Fields, elements: Elements): { when: Condition; to?: string }[] {
  for (const jump of [expression.jump, expression.goto]) if (isFields(jump)) return [{ when: {}, to: text(jump, 'target') }];
  if ('redirect' in expression || isTargetOfIptables(expression)) return [{ when: {} }];
  if ('dnat' in expression) {
    const { addr: address, family } = isFields(expression.dnat) ? expression.dnat : {};
    const about = inFamily(family);
    const map = isFields(address) && isFields(address.map) ? address.map : undefined;
    const pairs = map === undefined ? undefined : valuesOf(map.data, elements);
    return map === undefined || pairs === undefined
      ? [{ when: about }]
      : pairs.map((pair) => ({ when: { ...keyOf(map.key, first(pair)), ...about } }));
  }
  if (!isFields(expression.vmap)) return [];
  const { key, data } = expression.vmap;
  return (valuesOf(data, elements) ?? []).flatMap((pair) => {
    const verdict: unknown = Array.isArray(pair) ? pair[1] : undefined;
    const jump = isFields(verdict) ? (verdict.jump ?? verdict.goto) : undefined;
    return isFields(jump) ? [{ when: keyOf(key, first(pair)), to: text(jump, 'target') }] : [];
  });
}

const first = (pair: unknown): unknown => (Array.isArray(pair) ? pair[0] : undefined);

/** nft 1.0.6 names the target of an iptables rule, and nothing more of it. */
export const isTargetOfIptables = ({ xt }: Fields): boolean => isFields(xt) && (xt.name === 'DNAT' || xt.name === 'REDIRECT');

/** As `nft list` prints it, as far as we can. */
function textOf(rule: Fields, expressions: readonly Fields[]): string {
  const printed = printRule(expressions, optionalText(rule, 'comment'));
  return printed.startsWith('[')
    ? `handle ${String(rule.handle)} in nft -a list chain ${[rule.family, rule.table, rule.chain].join(' ')}`
    : printed;
}

/** Names of the sets and maps that a rule refers to. */
export function setsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.startsWith('@') ? [value.slice(1)] : [];
  if (Array.isArray(value)) return value.flatMap(setsIn);
  return isFields(value) ? Object.values(value).flatMap(setsIn) : [];
}
