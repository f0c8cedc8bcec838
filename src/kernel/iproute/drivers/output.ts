import { StringDecoder } from 'node:string_decoder';

/** What one visit has printed. */
export interface Printed {
  readonly exitCode: number;
  /** Values of the settings read, by their number, the first being 1. */
  readonly settings: ReadonlyMap<number, string>;
  /** What the kernel answered to requests: to dumps, and where it refused one (the last, then). */
  readonly answers: readonly Buffer[];
  /** All other lines, without the final newline. */
  readonly lines: readonly string[];
}

/** Takes a driver's standard output as it comes and hands each visit's part on as soon as it is whole; nothing of it is kept. */
export function createSplitter(onVisit: (printed: Printed) => void): (chunk: Buffer) => void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let settings = new Map<number, string>();
  let answers: Buffer[] = [];
  let lines: string[] = [];
  const take = (line: string): void => {
    if (line.startsWith('!')) {
      onVisit({ exitCode: Number(line.slice(line.lastIndexOf(' ') + 1)), settings, answers, lines });
      settings = new Map();
      answers = [];
      lines = [];
    } else if (line.startsWith('=')) {
      const blank = line.indexOf(' ');
      settings.set(Number(line.slice(1, blank)), line.slice(blank + 1));
    } else if (line.startsWith('<')) {
      answers.push(Buffer.from(line.slice(1), 'hex'));
    } else if (line !== '') {
      lines.push(line);
    }
  };
  return (chunk) => {
    // What there is of a line is not looked at again with each chunk: that of a namespace with 100,000 routes has 15 MB.
    const [first = '', ...more] = decoder.write(chunk).split('\n');
    rest += first;
    for (const next of more) {
      take(rest);
      rest = next;
    }
  };
}

/** What was complained about: by the driver before its first visit, then in each visit, in their order. */
export function complaintsIn(stderr: string): { readonly before: string; readonly visits: readonly string[] } {
  const [before = '', ...visits] = stderr.split(/^@.*\n/m);
  return { before, visits };
}
