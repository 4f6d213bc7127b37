import { z } from 'zod'
import { axis } from '../../data/dataset.ts'
import { LamellaError } from '../../model/errors.ts'
import { nothing, type Analysis, type Given } from '../analysis.ts'
import { givenDataset } from '../given.ts'
import { headAddresses, layerByLayer } from '../head-weights/layer-by-layer.ts'
import { Layers, layersOf, widthsOf } from '../model-widths.ts'
import { createComposition, kinds } from './composition-of-layers.ts'

const CompositionParams = z.strictObject({
  /** Layers whose heads are looked at, from 0; all when left out. */
  layers: Layers
})
type CompositionParams = z.infer<typeof CompositionParams>

/** What of a later head reads what an earlier one wrote, and how much of it. */
const products = {
  Q: '‖W_V W_O · W_Q W_Kᵀ‖ / (‖W_V W_O‖ ‖W_Q W_Kᵀ‖)',
  K: '‖W_V W_O · W_K W_Qᵀ‖ / (‖W_V W_O‖ ‖W_Q W_Kᵀ‖)',
  V: '‖W_V W_O · W_V W_O‖ / (‖W_V W_O‖ ‖W_V W_O‖)'
} as const

const gives: readonly Given[] = kinds.map(kind => ({
  name: `${kind}_composition`,
  axes: ['layer', 'head', 'later_layer', 'later_head'],
  unit: '',
  about: `${products[kind]} of a head and one of a later layer; 0 where it is no later one`
}))

/** Numbers of weights that are held at once: of every layer what its heads write. */
const mostHeld = 2 ** 28

/** Which heads read what others write, as their weights have it. */
export const composition: Analysis<CompositionParams> = {
  name: 'composition',
  version: 1,
  of: 'weights',
  compares: false,
  keeps: true,
  params: CompositionParams,
  about: {
    what: 'How much of what a head writes is read by each head of a later layer: by its queries, its keys and its values.',
    formulas: [
      ...kinds.map(kind => `${kind} = ${products[kind]}, the first head on the left`),
      'norms are Frobenius norms, vectors are rows: x W_V W_O is what a head writes'
    ],
    sources: [
      'Elhage et al. 2021, "A Mathematical Framework for Transformer Circuits": composition of heads'
    ],
    read: 'Between 0 and 1: 1 where all that the head writes lies along the one direction that the later one reads. An induction head has a high K composition with a head that attends to the token before. Weights are as they are stored, without norms, biases and rotary angles; nothing is taken off for what chance gives.',
    baseline: 'Two heads of chance come to about 1 / √d_model.'
  },
  gives,

  needs(params, model) {
    const layers = layersOf(model, params.layers)
    const { nHeads, dModel, dHead } = widthsOf(model)
    if (layers.length * nHeads * dHead * dModel > mostHeld)
      throw new LamellaError(
        'invalid-argument',
        `composition: what ${layers.length} layers write is more than is held at once`,
        'Set layers to some of them.'
      )
    return { ...nothing, weights: headAddresses(widthsOf(model), layers) }
  },

  start(params, model) {
    const layers = layersOf(model, params.layers)
    const { nHeads } = widthsOf(model)
    const found = createComposition(layers.length, nHeads)
    const collected = layerByLayer(found.add)
    return {
      begin: () => undefined,
      take(taken) {
        if (taken.kind === 'weight') collected.take(taken)
      },
      result() {
        collected.end()
        const [names, heads] = [layers.map(String), axis(nHeads)]
        return givenDataset(
          gives,
          { layer: axis(names), head: heads, later_layer: axis(names), later_head: heads },
          Object.fromEntries(kinds.map(kind => [`${kind}_composition`, found.scores[kind]]))
        )
      },
      state: () => ({})
    }
  }
}
