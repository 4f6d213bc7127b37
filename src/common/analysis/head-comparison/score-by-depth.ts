import { depthOf, type ComparedModel } from './compared-model.ts'

/** A score of the heads of a layer. */
export interface LayerScores {
  readonly layer: number
  /** 0 is the first layer, 1 the last. */
  readonly depth: number
  /** Of the heads that have it, in their order. */
  readonly values: readonly number[]
  readonly mean: number
  readonly max: number
}

/**
 * A score by how deep the heads are; layers without it are left out.
 * @param above how far it is above its baseline, not the score itself
 */
export function scoreByDepth(side: ComparedModel, score: string, above: boolean): LayerScores[] {
  const { layers, heads } = side.atlas
  return layers
    .map(layer => {
      const values = heads
        .filter(head => head.layer === layer)
        .map(({ scores }) => {
          const { value = NaN, baseline = NaN } = scores[score] ?? {}
          return above ? value - baseline : value
        })
        .filter(Number.isFinite)
      const sum = values.reduce((sum, value) => sum + value, 0)
      return {
        ...{ layer, values },
        depth: depthOf(layer, side),
        mean: sum / values.length,
        max: Math.max(...values)
      }
    })
    .filter(({ values }) => values.length > 0)
}
