import { distance } from 'fastest-levenshtein';

/** The known word that was probably meant, if one is near enough. */
export type Suggest = (word: string, known: Iterable<string>) => string | undefined;

/** Comparisons per file: a file with thousands of wrong names gets no thousandfold search. */
const COMPARISONS_MAX = 50_000;

export function createSuggester(): Suggest {
  let left = COMPARISONS_MAX;
  return (word, known) => {
    // One slip in a short word, two or three in a long one.
    let nearest = word.length < 4 ? 2 : word.length < 8 ? 3 : 4;
    let found: string | undefined;
    for (const candidate of known) {
      if (left-- <= 0) break;
      if (Math.abs(candidate.length - word.length) >= nearest) continue;
      if (withoutDigits(word) === withoutDigits(candidate)) continue;
      const away = slips(word.toLowerCase(), candidate.toLowerCase());
      if (away < nearest && away < candidate.length) [nearest, found] = [away, candidate];
    }
    return found;
  };
}

/** web03 beside web01 and web02 is no slip but one that is missing. */
const withoutDigits = (word: string): string => word.replace(/\d+/g, '#');

/** Two letters changed places: one slip, though two edits. */
const slips = (word: string, candidate: string): number => {
  const edits = distance(word, candidate);
  return edits === 2 && word.length === candidate.length && [...word].sort().join() === [...candidate].sort().join() ? 1 : edits;
};

/** `did you mean web01?` as a hint, or the other hint where nothing is near. */
export const didYouMean = (meant: string | undefined, otherwise?: string): string | undefined =>
  meant === undefined ? otherwise : `did you mean ${meant}?`;
