// `npm start`: from a fresh clone to a network that runs, in a sandbox, so that nothing of this machine is touched.
import { join } from 'node:path';
import { main, ROOT, SetupError, setUp } from './setup.mjs';

await main(async () => {
  setUp();
  const { runSandbox } = await import('../dist/kernel/sandbox.js');
  try {
    return await runSandbox([process.execPath, join(ROOT, 'scripts', 'demo.mjs')]);
  } catch (error) {
    if (error.name !== 'HostError') throw error;
    throw new SetupError(
      `${error.message}\n  ${error.hint}\nWithout a sandbox, \`sudo node bin/netloom.js plan topologies/docker0.yaml\` shows what would be done here.`,
    );
  }
});
