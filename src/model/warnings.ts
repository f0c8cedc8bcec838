import type { Warning } from './errors.ts';

/** That the program `conntrack` is missing, and what comes of it. */
export const withoutConntrack = (consequence: string): Warning => ({
  code: 'W_NO_CONNTRACK',
  message: `the program conntrack is not installed: ${consequence}`,
  hint: 'install it before you apply: apt-get install conntrack',
});
