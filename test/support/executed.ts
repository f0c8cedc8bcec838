import { Session } from 'node:inspector/promises';

/** How often each piece of our code ran: function or block, as `file function from-to`. */
export type Executed = ReadonlyMap<string, number>;

/**
 * Counts what runs, with V8's own counters: blocks of code loaded after the start as well, of what was loaded before functions alone. So growth
 * can be told without a clock. What is built into the engine (`includes`, `indexOf`) is not counted.
 */
export async function countExecuted(): Promise<{ take(): Promise<Executed>; stop(): void }> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  return {
    take: async () => {
      const { result } = await session.post('Profiler.takePreciseCoverage');
      const counts = new Map<string, number>();
      for (const { url, functions } of result) {
        const file = /\/src\/(?!kernel\/fake\/)(.*\.ts)$/.exec(url)?.[1];
        if (file === undefined) continue;
        for (const { functionName, ranges } of functions) {
          for (const { startOffset, endOffset, count } of ranges) {
            const key = `${file} ${functionName} ${startOffset}-${endOffset}`;
            if (count > 0) counts.set(key, (counts.get(key) ?? 0) + count);
          }
        }
      }
      return counts;
    },
    stop: () => session.disconnect(),
  };
}
