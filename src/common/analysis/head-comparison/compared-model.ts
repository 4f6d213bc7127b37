import type { Visibility } from '../../model/visibility.ts'
import type { Dataset } from '../../data/dataset.ts'
import type { HeadAtlas } from '../head-atlas/head-atlas.ts'

/** One of two models whose heads are compared, and what is known of them. */
export interface ComparedModel {
  /** What it is called in what is said; the two differ in it. */
  readonly name: string
  readonly model: {
    readonly fingerprint: string
    readonly config: {
      readonly nLayers: number
      readonly nHeads: number
      readonly dVocab: number
    }
    readonly visibility: readonly Visibility[] | null
  }
  /** It runs with edits. */
  readonly edited: boolean
  /** What tells the texts that it reads, such as their JSON: equal ones are the same texts. */
  readonly texts: string
  /** Tokens of a window; null where each sentence is one. */
  readonly window: number | null
  /** Tokens from the start of one window to the next; null where they follow one another. */
  readonly stride: number | null
  /** What `head-statistics` came to. */
  readonly result: Dataset
  readonly atlas: HeadAtlas
}

/** What two sides are called: by their own names, or where these are the same by their order. */
export function sideNames(a: string, b: string): readonly [string, string] {
  return a === b ? ['the first', 'the second'] : [a, b]
}

/** How deep a layer is: 0 is the first one, 1 the last. */
export function depthOf(layer: number, { model }: Pick<ComparedModel, 'model'>): number {
  const { nLayers } = model.config
  return nLayers > 1 ? layer / (nLayers - 1) : 0
}
