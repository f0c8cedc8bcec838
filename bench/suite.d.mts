/** See inside.mjs. */
export interface Step {
  readonly phase?: string;
  readonly argv?: readonly string[];
  readonly tell?: string;
  readonly until?: 'gone';
  readonly prepare?: readonly string[];
  readonly serve?: readonly string[];
}

export type Contender = (tools: object, write: (content: string) => string) => { readonly steps?: readonly Step[] };

export const CASES: readonly { readonly name: string; readonly contenders: Readonly<Record<string, Contender>> }[];
