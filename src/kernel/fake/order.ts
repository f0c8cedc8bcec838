import { namespaceOf, type Operation, PHASES, type Step } from '../../model/operation.ts';

/** What runs together: operations of one phase in one namespace, sysctls first. */
export function groupsOf(operations: readonly Operation[]): Operation[][] {
  return PHASES.flatMap((phase) => {
    const groups = new Map<string, Operation[]>();
    for (const operation of operations) {
      if (operation.phase !== phase) continue;
      const namespace = namespaceOf(operation.step);
      groups.set(namespace, [...(groups.get(namespace) ?? []), operation]);
    }
    return [...groups.values()].map((group) => group.toSorted((a, b) => Number(isSysctl(b.step)) - Number(isSysctl(a.step))));
  });
}

const isSysctl = (step: Step): boolean => step.do === 'sysctl';
