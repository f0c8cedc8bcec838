import type { ChainState, SetState } from '../../model/snapshot.ts';

export interface TableSpec {
  readonly chains: Readonly<Record<string, ChainState>>;
  /** Types only: the elements are published ports. */
  readonly maps: Readonly<Record<string, { readonly key: string; readonly value: string }>>;
  readonly sets: Readonly<Record<string, SetState>>;
}
