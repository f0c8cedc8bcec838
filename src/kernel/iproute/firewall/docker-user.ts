import type { DockerUserRule } from '../../../model/firewall.ts';
import { dockerUserRuleOf } from '../../../model/marks.ts';
import { isFinal } from './decisions.ts';
import { optionOf, wordsOf } from './iptables-save.ts';

/** Chains of engines that look after bridges of their own; what may reach those is for them to say. */
export const isEngineChain = (chain: string): boolean => /^(DOCKER|LIBVIRT)/.test(chain) && chain !== 'DOCKER-USER';

/** Reads `iptables -S DOCKER-USER`: our rules, and whether anything in front takes everything away from them. */
export function parseDockerUser(stdout: string): DockerUserRule[] {
  let passed = true;
  return stdout.split('\n').flatMap((line) => {
    if (isFinal(line)) passed = false;
    const rule = dockerUserRuleOf(line);
    return rule === undefined ? [] : [{ ...rule, effective: passed }];
  });
}

/** Interfaces that such chains name, of `iptables-save`: their bridges. */
export function engineBridges(rules: readonly string[]): string[] {
  return rules.flatMap((rule) => {
    const words = wordsOf(rule);
    if (!isEngineChain(words[1] ?? '')) return [];
    return ['-i', '-o'].flatMap((option) => {
      const found = optionOf(words, option);
      return found === undefined || found.negated ? [] : [found.value];
    });
  });
}

/**
 * Where in the chain rules of ours belong: behind what a person has put there, in front of the first rule that decides about everything, which
 * is the RETURN that Docker ends it with. Counts from 1, as `iptables -I` does.
 */
export function placeFor(rules: readonly string[]): number {
  const index = rules.findIndex(isFinal);
  return (index === -1 ? rules.length : index) + 1;
}
