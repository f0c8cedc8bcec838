/** Text in an XML document, within elements and attributes. What XML 1.0 has no place for must have been spelled out before (`visible`). */
export const escapeXml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
