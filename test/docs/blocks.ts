/** A fenced block of a page. */
export interface Block {
  /** Where it begins in the page. */
  readonly index: number;
  /** With its fences. */
  readonly source: string;
  /** Three backticks, or more where the text has three itself. */
  readonly fence: string;
  readonly language: string;
  readonly text: string;
  /** Of a `yaml` block: the name of the file that it is, from its first line. */
  readonly file: string | undefined;
}

const BLOCK = /^(`{3,})([a-z]*)\n(.*?)^\1$/gms;

/** The fenced blocks of a page, from top to bottom. */
export const blocksOf = (page: string): readonly Block[] =>
  [...page.matchAll(BLOCK)].map(({ index, 0: source, 1: fence = '', 2: language = '', 3: text = '' }) => ({
    index,
    source,
    fence,
    language,
    text,
    file: language === 'yaml' ? /^# (\S+\.yaml)\n/.exec(text)?.[1] : undefined,
  }));
