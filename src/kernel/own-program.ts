import { fileURLToPath } from 'node:url';

/** The path of one of netloom's own programs in bin/: the same from src/kernel, from dist/kernel and from dist/bundle. */
export const ownProgram = (name: string): string => fileURLToPath(new URL(`../../bin/${name}`, import.meta.url));
