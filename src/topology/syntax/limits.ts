/** What a topology file may cost to read. Generous for people: a lab of 4,000 namespaces written out has 350 kB and 90,000 tokens. */
export const LIMITS = {
  /** UTF-16 units of text. */
  text: 1024 * 1024,
  /** Lexical tokens; YAML's parser needs about 5 µs for each. */
  tokens: 250_000,
  /** Collections within collections. */
  depth: 64,
  /** Values after every alias has been replaced by what it stands for. */
  values: 250_000,
  /** Names that one range `(first-last)` may stand for. */
  range: 16_384,
  /** Namespaces and links each, ranges expanded. */
  items: 32_768,
  /** Published ports, ranges expanded. */
  ports: 65_536,
  /** Pieces of broken text that YAML's reader is given; each costs it an error with a stack trace. */
  fragments: 1000,
} as const;
