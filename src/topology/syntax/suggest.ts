import { distance } from 'fastest-levenshtein';

/** The known word that was probably meant, if one is near enough. */
export type Suggest = (word: string, known: Iterable<string>) => string | undefined;

/** Comparisons per file: a file with thousands of wrong names gets no thousandfold search. */
const COMPARISONS_MAX = 50_000;

export function createSuggester(): Suggest {
  let left = COMPARISONS_MAX;
  return (word, known) => {
    // One slip in a short word, two or three in a long one.
    let nearest = Math.min(3, Math.max(1, Math.floor(word.length / 3))) + 1;
    let found: string | undefined;
    for (const candidate of known) {
      if (left-- <= 0) break;
      if (Math.abs(candidate.length - word.length) >= nearest) continue;
      const away = distance(word.toLowerCase(), candidate.toLowerCase());
      if (away < nearest && away < candidate.length) [nearest, found] = [away, candidate];
    }
    return found;
  };
}

/** `did you mean web01?` as a hint, or the other hint where nothing is near. */
export const didYouMean = (meant: string | undefined, otherwise?: string): string | undefined =>
  meant === undefined ? otherwise : `did you mean ${meant}?`;
