import { z } from 'zod'
import { LayerPlace } from '../../analysis/hidden-states/layer-place.ts'
import type { SentenceBy } from '../../analysis/hidden-states/sentence-vector.ts'
import { LamellaError } from '../../model/errors.ts'
import { readsRightToLeft } from '../../text/token-text.ts'
import { writtenTokens } from '../../text/written-tokens.ts'
import { figureView, madeFigure } from './figure-view.ts'
import {
  hiddenCurvesFigure,
  hiddenGrid,
  hiddenGridFigure,
  hiddenMap,
  hiddenMapFigure,
  hiddenMeasures,
  pairRange,
  placeLabels,
  tokenLabels
} from './hidden-figures.ts'
import { lookOf, LookParams, plainLook } from './look-params.ts'
import { gridRange } from './value-grid.ts'

const HiddenParams = LookParams.pick({ colors: true }).extend({
  /** A number of each token at each layer, cosines of tokens or of a word's places at one layer, or anisotropy. */
  form: z.enum(['layers', 'tokens', 'word', 'anisotropy']).default('layers'),
  measure: z.enum(hiddenMeasures).default('moved'),
  /** Where vectors are compared: `input`, or after a block; the last when left out. */
  layer: LayerPlace,
  /** The word whose places are compared. */
  word: z.string().min(1).max(1000).nullable().default(null)
})

/** How the vectors of tokens change from layer to layer, and how much alike they are. */
export const hiddenView = figureView({
  name: 'hidden-states',
  analyses: ['hidden-states'],
  about: 'hidden states of a text: how far tokens move by layer, how alike they are, anisotropy',
  of: 'text',
  params: HiddenParams,
  async make({ model, version, run: runOf, analysis }, { form, measure, layer, word, colors }) {
    const run = await runOf()
    const result = await analysis('hidden-states', hiddenParams({ layer, word, sentence: 'mean' }))
    const of = {
      ...{ model, run, result, read: 'the text' },
      params: { colors, ...(layer !== null && { layer }), ...(word !== null && { word }) }
    }
    const tokens = writtenTokens(run)
    const { input } = run.source
    const mirrored = 'text' in input && readsRightToLeft(input.text)
    if (form === 'anisotropy') return madeFigure(model, hiddenCurvesFigure(of, version), plainLook)
    if (form === 'layers') {
      const grid = hiddenGrid(result, tokens, measure)
      const range = gridRange(grid, measure.startsWith('cosine') ? 1 : undefined)
      const own = { colors, scale: 'linear', range: 'automatic', pooling: 'maximum' } as const
      const figure = hiddenGridFigure(of, grid, measure, mirrored, version)
      return madeFigure(model, figure, lookOf(own, range))
    }
    const labels = form === 'tokens' ? tokenLabels(tokens) : placeLabels(result, [])
    const map = hiddenMap(result, form, labels, layerName(layer), mirrored)
    if (map === null)
      throw new LamellaError(
        'invalid-argument',
        word === null ? 'word: the form word is of one' : `${word}: stands nowhere in this text`
      )
    return madeFigure(model, hiddenMapFigure(of, map, form, version), {
      ...plainLook,
      ...pairRange
    })
  }
})

/** What is asked of hidden states. */
export function hiddenParams(of: {
  readonly layer: LayerPlace
  readonly word: string | null
  readonly sentence: SentenceBy
}) {
  return { ...of, size: 256 }
}

/** Where vectors are compared, in words. */
export function layerName(layer: LayerPlace): string {
  if (layer === 'input') return 'the input'
  return layer === null ? 'after the last block' : `after block ${layer}`
}
