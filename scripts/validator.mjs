// The check of a topology's shape, compiled ahead by ajv: compiling it at each start would cost more than everything else that `validate` does.
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';

/** The only thing that ajv's code asks for at run time: the length of a text in characters. It writes `require` also where it writes modules. */
const LENGTH = 'require("ajv/dist/runtime/ucs2length").default';

/** `src/topology/syntax/validator.ts` for a JSON Schema. A test holds the schema against its own meta-schema. */
export function validatorText({ $schema: _metaSchema, ...schema }) {
  const ajv = new Ajv({
    allErrors: true,
    verbose: true,
    allowUnionTypes: true,
    strictTypes: false,
    meta: false,
    validateSchema: false,
    code: { source: true, esm: true, lines: true },
  });
  ajv.addVocabulary(['patternErrorMessage', 'errorMessage', 'doNotSuggest']);
  const code = standalone.default(ajv, ajv.compile(schema));
  const body = code
    .replace(/^"use strict";\n/, '')
    .replace(/^export (const validate|default) .*;\n/gm, '')
    .replaceAll(LENGTH, 'charactersOf');
  if (body.includes('require(')) throw new Error('ajv asks for something at run time that is not here');
  return `// @ts-nocheck: generated from the schema, with ajv, by \`npm run generate\`.
import type { ValidateFunction } from 'ajv';
import type { RawTopology } from '../raw.ts';

const charactersOf = (text: string): number => Array.from(text).length;
${body}
/** Whether data has the shape of a topology file; its \`errors\` say what is wrong. */
export const isTopology: ValidateFunction<RawTopology> = validate0;
`;
}
