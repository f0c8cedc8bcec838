import { Composer, type CST, type Document, Lexer, LineCounter, Parser, type YAMLParseError } from 'yaml';
import type { Code } from '../codes.ts';
import { LIMITS } from './limits.ts';
import type { Places, Span } from './places.ts';
import { quote } from './quote.ts';
import { createPlaces, type Data } from './tree.ts';

/** A fault of the text as such, before there are paths. */
export interface SyntaxFault {
  readonly code: Code;
  readonly message: string;
  readonly hint?: string;
  readonly span: Span;
}

export interface Parsed {
  /** Absent where the text could not be read as a whole. */
  readonly data?: Data;
  readonly places: Places;
  readonly faults: readonly SyntaxFault[];
}

/** Broken text breaks again and again; the first few places say it all. */
const YAML_FAULTS_MAX = 20;

/**
 * YAML 1.2 → plain data and the place of every value. Never throws: what is hostile (too deep, too many tokens, alias bombs) is a fault
 * found before it is expanded.
 */
export function parse(source: string): Parsed {
  const lines = new LineCounter();
  const nowhere: Places = { source, lines, root: { span: { start: 0, end: 0 }, children: new Map(), size: 0 } };
  const tokens = tokenize(source, lines);
  if (!Array.isArray(tokens)) return { places: nowhere, faults: [tokens] };
  // Its own search for duplicate keys compares every key with every other; createPlaces does it with a map.
  const composer = new Composer({ uniqueKeys: false, prettyErrors: false, stringKeys: false });
  const documents = [...composer.compose(tokens, true, source.length)];
  const faults = documents.flatMap((document) => faultsOf(document, source));
  if (faults.length > 0) return { places: nowhere, faults: faults.slice(0, YAML_FAULTS_MAX) };
  const [document, second] = documents;
  if (second !== undefined) return { places: nowhere, faults: [severalDocuments(second)] };
  return document === undefined ? { places: nowhere, faults: [] } : createPlaces(document, source, lines);
}

/** Runs the lexer by hand, so that a flood of tokens or brackets is noticed while it comes in. */
function tokenize(source: string, lines: LineCounter): CST.Token[] | SyntaxFault {
  const parser = new Parser(lines.addNewLine);
  // What Parser.parse would do first.
  lines.addNewLine(0);
  const tokens: CST.Token[] = [];
  let count = 0;
  let offset = 0;
  let brackets = 0;
  for (const lexeme of new Lexer().lex(source)) {
    count += 1;
    if (lexeme === '[' || lexeme === '{') brackets += 1;
    if (lexeme === ']' || lexeme === '}') brackets = Math.max(0, brackets - 1);
    if (brackets > LIMITS.depth) return tooDeep(offset);
    if (count > LIMITS.tokens) return tooMuch(offset);
    if (tokens.length < LIMITS.fragments) tokens.push(...substance(parser.next(lexeme)));
    // The three markers that the lexer puts in are not part of the text.
    if (lexeme !== '\x1f' && lexeme !== '\x02' && lexeme !== '\x18') offset += lexeme.length;
  }
  if (tokens.length < LIMITS.fragments) tokens.push(...substance(parser.end()));
  const deep = tooDeepIn(tokens);
  return deep === undefined ? tokens : tooDeep(deep);
}

/** Without what stands outside the document and says nothing, so that a long comment at the top is not taken for a flood. */
const substance = (tokens: Iterable<CST.Token>): CST.Token[] => [...tokens].filter(({ type }) => type !== 'comment' && type !== 'newline');

/** The offset at which block collections nest too deeply for a recursive reader; undefined where none does. */
function tooDeepIn(tokens: readonly CST.Token[]): number | undefined {
  const rest: { readonly token: CST.Token; readonly depth: number }[] = tokens.map((token) => ({ token, depth: 0 }));
  for (let entry = rest.pop(); entry !== undefined; entry = rest.pop()) {
    const { token, depth } = entry;
    if (depth > LIMITS.depth) return token.offset;
    if (token.type === 'document' && token.value) rest.push({ token: token.value, depth });
    if ('items' in token) {
      for (const { key, value } of token.items) {
        if (key && 'items' in key) rest.push({ token: key, depth: depth + 1 });
        if (value && 'items' in value) rest.push({ token: value, depth: depth + 1 });
      }
    }
  }
  return undefined;
}

const tooDeep = (start: number): SyntaxFault => ({
  code: 'E_YAML_LIMIT',
  message: `collections are nested more than ${LIMITS.depth} deep`,
  hint: 'a topology needs about six levels; is this the right file?',
  span: { start, end: start + 1 },
});

const tooMuch = (start: number): SyntaxFault => ({
  code: 'E_YAML_LIMIT',
  message: `the document has more than ${LIMITS.tokens} tokens`,
  hint: 'use ranges such as pc(001-999), or several files in one directory',
  span: { start, end: start + 1 },
});

function severalDocuments(second: Document.Parsed): SyntaxFault {
  const start = second.range[0];
  return {
    code: 'E_YAML_FEATURE',
    message: 'a second document begins here',
    hint: 'a file is one topology: put the other into a file of its own',
    span: { start, end: start + 1 },
  };
}

function faultsOf(document: Document.Parsed, source: string): SyntaxFault[] {
  const version = document.directives.yaml;
  const oldVersion: SyntaxFault[] =
    version.explicit === true && version.version !== '1.2'
      ? [
          {
            code: 'E_YAML_FEATURE',
            message: `YAML ${version.version} is not read`,
            hint: 'remove the %YAML line',
            span: { start: 0, end: 5 },
          },
        ]
      : [];
  const unsupported = document.warnings.filter((warning) => warning.code === 'BAD_DIRECTIVE');
  const bracket = document.errors.flatMap((error) => unclosedBracket(source, error) ?? [])[0];
  if (bracket !== undefined) return [...oldVersion, bracket];
  const open = document.errors.find(({ code, message }) => code === 'MISSING_CHAR' && /closing ["']quote/.test(message));
  if (open !== undefined) return [...oldVersion, unclosedQuote(source, open.message.includes('"') ? '"' : "'")];
  return [
    ...oldVersion,
    ...[...causes(document.errors, source).slice(0, YAML_FAULTS_MAX), ...unsupported].map((error) => fromYaml(source, error)),
  ];
}

/** YAML's reader finds the end of the file wrong. The quote that was forgotten is likelier on the first line with an odd number of them. */
function unclosedQuote(source: string, sign: string): SyntaxFault {
  let start = 0;
  for (const line of source.split('\n')) {
    // Neither comments nor the apostrophe of a word count.
    const text = line.replace(/(^|\s)#.*/, '').replace(/(?<=\w)'(?=\w)/g, ' ');
    if (text.split(sign).length % 2 === 0) {
      start += text.lastIndexOf(sign);
      break;
    }
    start += line.length + 1;
  }
  return {
    code: 'E_YAML',
    message: `not YAML: a quote ${sign} is not closed`,
    hint: 'put the other one after the value',
    span: { start: Math.min(start, source.length), end: Math.min(start, source.length) + 1 },
  };
}

/** YAML's reader finds what follows wrong. Where the bracket was opened is where the other one is missing. */
function unclosedBracket(source: string, { message, pos }: YAMLParseError): SyntaxFault | undefined {
  const close = /flow (?:sequence|mapping|map) in block collection must be .* and end with a ([\]}])/i.exec(message)?.[1];
  if (close === undefined) return undefined;
  const open: number[] = [];
  for (let at = 0; at < Math.min(pos[0], source.length); at += 1) {
    const sign = source[at];
    if (sign === (close === ']' ? '[' : '{')) open.push(at);
    else if (sign === close) open.pop();
  }
  const start = open.at(-1);
  if (start === undefined) return undefined;
  const text = source
    .slice(start, source.indexOf('\n', start) === -1 ? source.length : source.indexOf('\n', start))
    .replace(/\s+(#.*)?$/, '');
  return {
    code: 'E_YAML',
    message: `not YAML: ${close === ']' ? '[' : '{'} is not closed`,
    hint: `put ${close} where it ends: ${quote(`${text}${close}`)}`,
    span: { start, end: start + 1 },
  };
}

/** One slip makes the reader stumble several times: of one line the first fault counts, and indentation only where nothing was wrong before. */
function causes(errors: readonly YAMLParseError[], source: string): YAMLParseError[] {
  const lineOf = ({ pos }: YAMLParseError): number => source.slice(0, pos[0]).split('\n').length;
  const seen = new Set<number>();
  return errors.filter((error, index) => {
    const line = lineOf(error);
    const isFirst = !seen.has(line);
    seen.add(line);
    return index === 0 || (isFirst && error.code !== 'BAD_INDENT');
  });
}

/** In which columns this line and the one above it begin, where they differ. */
function columnsHint(source: string, at: number): string | undefined {
  const lines = source.slice(0, at).split('\n');
  const number = lines.length;
  const above = lines.slice(0, -1).findLastIndex((line) => /^\s*[^\s#]/.test(line));
  const columnOf = (line: string): number => line.search(/\S/) + 1;
  const own = columnOf(source.split('\n')[number - 1] ?? '');
  const other = columnOf(lines[above] ?? '');
  if (above === -1 || own === other) return undefined;
  return `line ${above + 1} begins in column ${other}, this one in column ${own}: what belongs together begins in one column`;
}

const YAML_WORDS: Partial<Record<YAMLParseError['code'], string>> = {
  MULTILINE_IMPLICIT_KEY: 'this line ends without a colon, and the next one belongs to it',
};

const YAML_HINTS: Partial<Record<YAMLParseError['code'], string>> = {
  TAB_AS_INDENT: 'there is a tab in front of it: indent with spaces, two for each level',
  BAD_INDENT: 'align it with its siblings; the children of one parent begin in one column',
  BLOCK_AS_IMPLICIT_KEY: 'a value with ": " in it must be quoted; a nested mapping goes on the next line, indented',
  MISSING_CHAR: 'a bracket, brace, quote, comma or colon is missing here or just before',
  UNEXPECTED_TOKEN: 'a value that begins with [ { * & ! % @ ` or holds ": " or " #" must be quoted',
  BAD_SCALAR_START: 'quote the value',
  MULTILINE_IMPLICIT_KEY: 'put a colon behind the key; or close a quote',
  BAD_ALIAS: 'quote a value that begins with *',
};

function fromYaml(source: string, error: { code: YAMLParseError['code']; message: string; pos: [number, number] }): SyntaxFault {
  const message = YAML_WORDS[error.code] ?? error.message.split('\n')[0] ?? 'not YAML';
  const line = source.slice(source.lastIndexOf('\n', error.pos[0] - 1) + 1).split('\n', 1)[0] ?? '';
  const isIndent = error.code === 'BAD_INDENT' || error.code === 'TAB_AS_INDENT';
  const hint =
    !isIndent && /\[[0-9a-fA-F:.]*\]:\d/.test(line)
      ? 'quote the whole value, as in "[::1]:8080:80"; brackets begin a list in YAML'
      : ((error.code === 'BAD_INDENT' ? columnsHint(source, error.pos[0]) : undefined) ?? YAML_HINTS[error.code]);
  const [from, end] = error.pos;
  // Some faults stand at the start of their line, before the indentation.
  const start = from + (/^[ \t]*/.exec(source.slice(from, from + 200))?.[0].length ?? 0);
  return {
    code: 'E_YAML',
    message: `not YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}`,
    ...(hint === undefined ? {} : { hint }),
    span: { start, end: Math.max(end, start) },
  };
}
