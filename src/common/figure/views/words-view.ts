import { z } from 'zod'
import { Embedding } from '../../analysis/embeddings/embedding-matrix.ts'
import { TokenName } from '../../analysis/embeddings/words.ts'
import type { ModelInfo } from '../../contract/schemas.ts'
import { LamellaError } from '../../model/errors.ts'
import { numberText } from '../../text/number-text.ts'
import type { Again, FigureCommand, Provenance } from '../provenance.ts'
import { signedBars, type SignedBarsData } from '../signed-bars.ts'
import { tokenGrid, type TokenGridData } from '../token-grid.ts'
import {
  figureView,
  modelFigure,
  type AskedParams,
  type MadeFigure,
  type ViewFigure
} from './figure-view.ts'
import { lookOf, LookParams, plainLook } from './look-params.ts'
import {
  leftOutWords,
  listedBars,
  similarityGrid,
  similarityLook,
  wordMeasures
} from './word-figures.ts'
import { listEnds, wordLists, type WordList, type WordsAnswer } from './word-lists.ts'
import { modelOrigin } from './origin.ts'

const WordsParams = LookParams.pick({ colors: true }).extend({
  /**
   * The tokens nearest to a word, the dimensions it stands out in, the tokens that stand out in a dimension, how alike the
   * words of a list are, or what answers an analogy.
   */
  form: z.enum(['nearest', 'dimensions', 'tokens', 'similarity', 'analogy']).default('nearest'),
  /** A token by its id, or a text; of `similarity` a list of them, of `analogy` three. */
  tokens: z
    .union([TokenName, z.array(TokenName).min(1).max(512)])
    .nullable()
    .default(null),
  /** Of `tokens`: the dimension in which they stand out. */
  dimension: z.int().min(0).nullable().default(null),
  /** Of `nearest` and `similarity`. */
  measure: z.enum(wordMeasures).default('cosine'),
  /** Of `dimensions` and `tokens`. */
  end: z.enum(listEnds).default('highest'),
  /** Of `analogy`: whether rows are of length 1 before they are added. */
  rows: z.enum(['unit', 'raw']).default('unit'),
  /** The embedding that words are rows of, and of `nearest` that whose rows are near; the same when left out. */
  of: Embedding.default('input'),
  among: Embedding.nullable().default(null),
  /** How many are listed. */
  top: z.int().min(1).max(1000).default(24),
  /** Significant digits of the numbers in cells. */
  digits: z.int().min(1).max(10).default(3)
})
type WordsParams = z.output<typeof WordsParams>

/** Words by their vectors in the embedding matrix. */
export const wordsView = figureView({
  name: 'words',
  analyses: ['neighbours', 'dimensions', 'similarity', 'analogy'],
  about:
    'words by their embeddings: neighbours, dimensions they stand out in, how alike those of a list are, analogies',
  of: 'weights',
  params: WordsParams,
  toShow: shownWords,
  async make({ model, version, analysis }, params): Promise<MadeFigure> {
    const { form, measure, end, rows, colors, digits } = params
    const { analysis: name, params: asked } = askedOf(params)
    const answer = { analysis: name, params: asked, result: await analysis(name, asked, 'weights') }
    if (form === 'similarity') {
      const said = { measure, colors, digits }
      const figure = similarityFigure(model, answer, said, version)
      const own = { colors, scale: 'linear', range: 'automatic', pooling: 'maximum' } as const
      const look = similarityLook(lookOf(own, plainLook.range), figure.data, measure)
      return modelFigure(model, figure, look)
    }
    const which: readonly string[] = [measure, end, rows]
    const list = wordLists(answer, measure).find(({ params }) =>
      Object.values(params).every(value => which.includes(value))
    )!
    return modelFigure(model, wordListFigure(model, list, version), plainLook)
  }
})

/** A list as bars. */
export function wordListFigure(
  model: ModelInfo,
  { answer, what, listed, unit, params }: WordList,
  version: string
): ViewFigure<SignedBarsData, Provenance> {
  return {
    ...{ what, kind: signedBars, dataset: () => answer.result },
    data: { ...listedBars(listed, unit), title: `${model.name} · ${what}` },
    from: wordsOrigin(model, what, againOf(answer, params), version)
  }
}

/** Each word of a list with each. */
export function similarityFigure(
  model: ModelInfo,
  answer: WordsAnswer,
  { measure, digits, colors }: Pick<WordsParams, 'measure' | 'digits' | 'colors'>,
  version: string
): ViewFigure<TokenGridData, Provenance> {
  const what = 'words'
  const grid = similarityGrid(answer.result, measure, value => numberText(value, digits))
  const params = { measure, colors, digits }
  return {
    ...{ what, kind: tokenGrid, dataset: () => answer.result },
    data: { ...grid, title: `${model.name} · ${what}` },
    from: wordsOrigin(model, similarityPlace(answer), againOf(answer, params), version)
  }
}

function similarityPlace({ result }: WordsAnswer): string {
  const left = leftOutWords(result).map(({ name }) => JSON.stringify(name))
  return `Similarity of words${left.length > 0 ? `, without ${left.join(', ')}` : ''}`
}

/** Where what an analysis of words came to is from. */
export function wordsOrigin(
  model: ModelInfo,
  place: string,
  again: Again,
  version: string
): Provenance {
  return {
    version,
    of: modelOrigin(model, place),
    ...{ less: null, precision: 'float32', again }
  }
}

/** The command for a figure of an answer. */
function againOf({ analysis, params }: WordsAnswer, shown: AskedParams): FigureCommand {
  return { view: 'words', params: { ...shownWords(analysis, params), ...shown } }
}

/** The params of the figure that shows what an analysis was asked. */
function shownWords(analysis: string, asked: AskedParams): AskedParams {
  const { analogies, dimensions, centred, ...same } = asked
  switch (analysis) {
    case 'similarity':
      return { form: 'similarity', ...same, measure: centred === true ? 'centred' : 'cosine' }
    case 'analogy':
      return { form: 'analogy', tokens: analogies, ...same }
    case 'dimensions':
      return dimensions === undefined
        ? { form: 'dimensions', ...same }
        : { form: 'tokens', dimension: dimensions, ...same }
    default:
      return { form: 'nearest', ...same }
  }
}

/** What is asked for a figure. */
function askedOf({ form, tokens, dimension, measure, of, among, top }: WordsParams) {
  const missing = (what: string) =>
    new LamellaError('invalid-argument', `form=${form} is of ${what}`)
  if (form === 'tokens') {
    if (dimension === null) throw missing('a dimension: set dimension')
    return { analysis: 'dimensions', params: { dimensions: dimension, of, top } }
  }
  if (form === 'similarity') {
    if (tokens === null) throw missing('a list of words: set tokens')
    const params = { tokens: [tokens].flat(), of, centred: measure === 'centred' }
    return { analysis: 'similarity', params }
  }
  if (form === 'analogy') {
    if (!Array.isArray(tokens) || tokens.length !== 3)
      throw missing('three words: set tokens=["king","man","woman"]')
    return { analysis: 'analogy', params: { analogies: tokens, of, top } }
  }
  // As the analysis takes it: a word, or a list of one.
  const [word, ...more] = tokens === null ? [] : [tokens].flat()
  if (word === undefined) throw missing('one word: set tokens')
  if (more.length > 0) throw missing(`one word: tokens has ${more.length + 1}`)
  if (form === 'dimensions') return { analysis: 'dimensions', params: { tokens: word, of, top } }
  const params = { tokens: word, of, top, ...(among !== null && among !== of && { among }) }
  return { analysis: 'neighbours', params }
}
