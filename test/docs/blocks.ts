/** A fenced block of a page. */
export interface Block {
  /** Where it begins in the page. */
  readonly index: number;
  /** With its fences. */
  readonly source: string;
  readonly language: string;
  readonly text: string;
  /** Of a `yaml` block: the name of the file that it is, from its first line. */
  readonly file: string | undefined;
}

const BLOCK = /^```([a-z]*)\n(.*?)^```$/gms;

/** The fenced blocks of a page, from top to bottom. */
export const blocksOf = (page: string): readonly Block[] =>
  [...page.matchAll(BLOCK)].map(({ index, 0: source, 1: language = '', 2: text = '' }) => ({
    index,
    source,
    language,
    text,
    file: language === 'yaml' ? /^# (\S+\.yaml)\n/.exec(text)?.[1] : undefined,
  }));
