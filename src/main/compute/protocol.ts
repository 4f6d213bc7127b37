import type { ModelFacts, Needs, Side, Taken, Window } from '#common/analysis/analysis.ts'
import type { Dataset } from '#common/data/dataset.ts'

/** What an accumulator held, with a note of its owner's, as bytes that tell whether they are whole. */
export interface KeptState {
  readonly note: string
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Of note and bytes. */
  readonly sha256: string
}

/** What a worker does, each with its argument and its result; in the order they are asked for. */
export interface ComputeCalls {
  /** Begins an analysis, in place of the one before. */
  start: {
    argument: {
      readonly name: string
      readonly params: unknown
      readonly model: ModelFacts
      readonly state: KeptState | null
    }
    result: null
  }
  begin: { argument: Window; result: null }
  take: { argument: { readonly taken: Taken; readonly side: Side }; result: null }
  /** What else it needs of the window. */
  more: { argument: null; result: Needs | null }
  /** What the analysis holds; the note is kept with it. */
  state: { argument: { readonly note: string }; result: KeptState }
  result: { argument: null; result: Dataset }
}
