import { z } from 'zod'
import type { ModelFacts } from '../analysis.ts'
import { layersOf, widthsOf } from '../model-widths.ts'

/** What enters the first block, or what a block leaves; the last one’s when left out. */
export const LayerPlace = z
  .union([z.literal('input'), z.int().min(0)])
  .nullable()
  .default(null)
export type LayerPlace = z.infer<typeof LayerPlace>

/**
 * Its place among the residual streams, from 0 of what enters the first block.
 * @throws LamellaError `invalid-argument` when there is no such layer
 */
export function placeOfLayer(layer: LayerPlace, model: ModelFacts): number {
  if (layer === 'input') return 0
  return (layer === null ? widthsOf(model).nLayers - 1 : layersOf(model, [layer])[0]!) + 1
}
