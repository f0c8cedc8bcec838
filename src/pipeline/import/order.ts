/**
 * One order that agrees with all of the sequences, as far as they agree with each other; what nothing decides, and what they contradict each
 * other about, in the order given.
 */
export function mergeOrders(items: readonly string[], sequences: readonly (readonly string[])[]): string[] {
  const before = new Map<string, Set<string>>(items.map((item) => [item, new Set()]));
  for (const sequence of sequences) {
    const known = sequence.filter((item) => before.has(item));
    for (const [index, item] of known.entries()) {
      const previous = known[index - 1];
      if (previous !== undefined && previous !== item) before.get(item)?.add(previous);
    }
  }
  const left = [...items];
  const ordered: string[] = [];
  while (left.length > 0) {
    const free = left.findIndex((item) => [...(before.get(item) ?? [])].every((one) => ordered.includes(one)));
    ordered.push(...left.splice(Math.max(free, 0), 1));
  }
  return ordered;
}
