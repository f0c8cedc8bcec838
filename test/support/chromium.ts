import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './sandbox.ts';

/**
 * What a page's script has found out: the JSON that it puts into the element with id `result`, as headless Chromium has it once all is
 * settled. For kernel tests: in their sandbox there is no network that a browser could talk to.
 */
export async function askPage(body: string, ...flags: string[]): Promise<unknown> {
  const home = await mkdtemp(join(tmpdir(), 'netloom-chromium-'));
  try {
    const page = join(home, 'page.html');
    await writeFile(page, `<!DOCTYPE html><meta charset="utf-8"><style>body{margin:0}</style><body>${body}`);
    const dom = await run(
      'chromium',
      '--headless',
      // Root may not have Chromium's own sandbox; the test's is around it.
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--no-first-run',
      '--window-size=2000,2000',
      `--user-data-dir=${join(home, 'profile')}`,
      // Timers and promises of the page have run when it is written out.
      '--virtual-time-budget=120000',
      ...flags,
      '--dump-dom',
      `file://${page}`,
    );
    const [, encoded] = /<pre id="result">([^<]*)<\/pre>/.exec(dom) ?? [];
    if (encoded === undefined) throw new Error(`the page gave no result: ${dom.slice(0, 500)}`);
    return JSON.parse(decodeURIComponent(encoded));
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** The end of a page's script: what `value`, an expression that may be a promise, gives is the page's result. */
export const answer = (value: string): string => `
  Promise.resolve().then(() => ${value}).catch((error) => ({ thrown: String(error) })).then((found) => {
    const result = document.createElement('pre');
    result.id = 'result';
    result.textContent = encodeURIComponent(JSON.stringify(found));
    document.body.replaceChildren(result);
  });`;
