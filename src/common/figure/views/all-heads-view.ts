import { z } from 'zod'
import { firstTokens } from '../../analysis/first-token.ts'
import { variable } from '../../data/dataset.ts'
import { checkIndex } from '../../model/check-index.ts'
import type { Tensor } from '../../model/tensor.ts'
import { allHeadsMade } from './all-heads-figure.ts'
import { figureView } from './figure-view.ts'
import { LookParams } from './look-params.ts'

const Position = z.int().min(0)

const AllHeadsParams = LookParams.extend({
  /** All when left out. */
  layers: z.array(Position).min(1).nullable().default(null),
  /** The most cells along a side of a map: those of a longer text stand for several tokens. */
  cells: z.int().min(1).max(512).default(128),
  first_token: z.enum(firstTokens).default('shown'),
  /** Whether keys run from right to left; by the letters of the text where it is null. */
  mirrored: z.boolean().nullable().default(null)
})

/** What every head attends to, a small map each. */
export const allHeadsView = figureView({
  name: 'all-heads',
  analyses: ['patterns'],
  about: 'the attention maps of all heads, or of those of some layers, small and beside each other',
  of: 'text',
  params: AllHeadsParams,
  ranged: [],
  async make({ model, version, run: runOf, analysis }, params) {
    const { layers: asked, cells: size, first_token, mirrored, ...look } = params
    const nLayers = model.config?.nLayers ?? 0
    const layers = asked ?? Array.from({ length: nLayers }, (_, layer) => layer)
    for (const layer of layers) checkIndex('layer', layer, nLayers)
    const run = await runOf()
    const maps: Tensor[] = []
    for (const layer of layers) {
      const wanted = { layer, size, pooling: look.pooling, first_token, exact: false }
      const result = await analysis('patterns', wanted)
      const shape = ['head', 'row', 'column'].map(name => result.axes[name]!.length)
      maps.push({ shape, data: Float32Array.from(variable(result, 'map').data) })
    }
    const firstHidden = first_token === 'hidden'
    return allHeadsMade({ model, run, layers, maps, firstHidden, mirrored }, look, version)
  }
})
