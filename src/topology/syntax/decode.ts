import { LIMITS } from './limits.ts';

/** Why bytes are not the text of a topology file, and the offset in the text up to there. */
export interface Undecodable {
  readonly message: string;
  readonly hint: string;
  readonly textBefore: string;
}

/** Bytes → text. UTF-8 only; a byte order mark stays in the text, where YAML allows it. */
export function decode(source: string | Uint8Array): string | Undecodable {
  if (source.length > LIMITS.text * (typeof source === 'string' ? 1 : 3)) return tooLarge();
  const text = typeof source === 'string' ? source : decodeUtf8(source);
  if (typeof text !== 'string') return text;
  if (text.length > LIMITS.text) return tooLarge();
  const nul = text.indexOf('\0');
  if (nul === -1) return text;
  return {
    message: 'the file holds a NUL character: it is binary, or UTF-16',
    hint: 'save it as UTF-8 text',
    textBefore: text.slice(0, nul),
  };
}

const tooLarge = (): Undecodable => ({
  message: `the file is larger than ${LIMITS.text / 1024} KiB`,
  hint: 'use ranges such as pc(001-999), or several files in one directory',
  textBefore: '',
});

function decodeUtf8(bytes: Uint8Array): string | Undecodable {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // The lenient decoder marks the first bad byte with U+FFFD.
    const lenient = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    const bad = Math.max(lenient.indexOf('\ufffd'), 0);
    return { message: 'the file is not UTF-8 text', hint: 'save it as UTF-8', textBefore: lenient.slice(0, bad) };
  }
}
