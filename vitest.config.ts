import { defineConfig } from 'vitest/config';
import { sandboxPool } from './test/support/sandbox-pool.ts';

/**
 * `unit`: pure code and the fake kernel. `kernel`: test/**\/*.kernel.test.ts, each file in a process of its own that lives in a fresh
 * sandbox (src/kernel/sandbox.ts), so that its in-process code sees that sandbox's network, /run and /etc/netns. Where there can be no
 * sandbox the kernel tests fail; nothing is skipped.
 */
export default defineConfig({
  test: {
    // Both projects together keep two cores busy; kernel tests mostly wait for programs.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/**/*.kernel.test.ts'], testTimeout: 120_000 },
      },
      {
        extends: true,
        test: {
          name: 'kernel',
          include: ['test/**/*.kernel.test.ts'],
          pool: sandboxPool,
          isolate: true,
          // Only what hangs is ended: how long a test takes says more of the machine than of netloom.
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
