import { z } from 'zod'
import { TokenName } from '../../analysis/embeddings/words.ts'
import { LayerPlace } from '../../analysis/hidden-states/layer-place.ts'
import { SentenceBy } from '../../analysis/hidden-states/sentence-vector.ts'
import { LamellaError } from '../../model/errors.ts'
import { visibleText } from '../../text/visible-text.ts'
import { writtenTokens } from '../../text/written-tokens.ts'
import { figureView, modelFigure } from './figure-view.ts'
import { isMirrored } from './flowing-run.ts'
import {
  hiddenCurvesFigure,
  hiddenGrid,
  hiddenGridFigure,
  hiddenMap,
  hiddenMapFigure,
  hiddenMeasures,
  hiddenPairs,
  pairRange,
  placeLabels,
  textLabels,
  tokenLabels
} from './hidden-figures.ts'
import { lookOf, LookParams, OwnRange, plainLook } from './look-params.ts'
import { gridRange } from './value-grid.ts'

const HiddenParams = LookParams.pick({ colors: true }).extend({
  /** Of the form `layers`: pairs are from −1 to 1. */
  range: OwnRange,
  /** A number of each token at each layer, cosines of tokens, of a word's places or of texts at one layer, or anisotropy. */
  form: z.enum(['layers', ...hiddenPairs, 'anisotropy']).default('layers'),
  measure: z.enum(hiddenMeasures).default('moved'),
  /** Where vectors are compared: `input`, or after a block; the last when left out. */
  layer: LayerPlace,
  /** The word whose places are compared, or a token by its id. */
  word: TokenName.nullable().default(null),
  /** What stands for a text where texts are compared. */
  sentence: SentenceBy,
  /** What these are called; by how they begin, or by their files, when left out. */
  texts: z.array(z.string()).min(1).nullable().default(null),
  /** Whether tokens run from right to left; by the letters of the text where it is null. */
  mirrored: z.boolean().nullable().default(null)
})

/** How the vectors of tokens change from layer to layer, and how much alike they are. */
export const hiddenView = figureView({
  name: 'hidden-states',
  analyses: ['hidden-states'],
  about: 'hidden states of a text: how far tokens move by layer, how alike they are, anisotropy',
  of: 'windows',
  params: HiddenParams,
  ranged: ['form', 'measure'],
  toShow: (_, { layer, word, sentence }, texts) => ({
    ...{ layer, word, sentence, texts },
    // Of several texts no number is of one token.
    form: word != null ? 'word' : texts === undefined ? 'layers' : 'texts'
  }),
  async make({ model, version, run: runOf, windows, analysis }, params) {
    const { form, measure, layer, word, sentence, texts, colors, range } = params
    const { run } = await windows()
    const result = await analysis('hidden-states', hiddenParams({ layer, word, sentence }))
    const said = {
      colors,
      sentence,
      ...(layer !== null && { layer }),
      ...(word !== null && { word })
    }
    const read = run.corpus === undefined ? 'the text' : visibleText(run.corpus.name)
    const of = { model, run, result, read, params: said, texts }
    if (form === 'anisotropy') return modelFigure(model, hiddenCurvesFigure(of, version), plainLook)
    const ofText = run.corpus === undefined ? await runOf() : null
    const tokens = ofText && writtenTokens(ofText)
    const mirrored = ofText !== null && isMirrored(ofText, params.mirrored)
    if (form === 'layers') {
      if (tokens === null) throw ofOneText(form)
      const grid = hiddenGrid(result, tokens, measure)
      const own = { colors, scale: 'linear', range, pooling: 'maximum' } as const
      const figure = hiddenGridFigure(of, grid, measure, mirrored, version)
      return modelFigure(
        model,
        figure,
        lookOf(own, gridRange(grid, measure.startsWith('cosine') ? 1 : undefined))
      )
    }
    if (form === 'tokens' && tokens === null) throw ofOneText(form)
    const called = textLabels(result, run, texts)
    const labels = {
      tokens: () => tokenLabels(tokens!),
      word: () => placeLabels(result, called),
      texts: () => called
    }
    const map = hiddenMap(result, form, labels[form](), layerName(layer), mirrored)
    if (map === null)
      throw new LamellaError(
        'invalid-argument',
        word === null ? 'word: the form word is of one' : `${word}: stands nowhere in this text`
      )
    return modelFigure(model, hiddenMapFigure(of, map, form, version), {
      ...plainLook,
      ...pairRange
    })
  }
})

function ofOneText(form: string): LamellaError {
  return new LamellaError('invalid-argument', `form: ${form} is of the tokens of one text`)
}

/** What is asked of hidden states. */
export function hiddenParams(of: {
  readonly layer: LayerPlace
  readonly word: TokenName | null
  readonly sentence: SentenceBy
}) {
  return { ...of, size: 256 }
}

/** Where vectors are compared, in words. */
export function layerName(layer: LayerPlace): string {
  if (layer === 'input') return 'the input'
  return layer === null ? 'after the last block' : `after block ${layer}`
}
