import { z } from 'zod'
import { axis, type Dataset, type NumberArray } from '../../data/dataset.ts'
import { nothing, type Analysis, type Given, type State } from '../analysis.ts'
import { placesOfWord } from '../embeddings/places-of-word.ts'
import { cosinesOf } from '../embeddings/vectors.ts'
import { TokenName, textsAmong, textAttribute, wordsOf } from '../embeddings/words.ts'
import { givenDataset } from '../given.ts'
import { widthsOf } from '../model-widths.ts'
import { hookOfPlace, placeOfHook } from '../../model/hooks.ts'
import { LayerPlace, placeOfLayer } from './layer-place.ts'
import { layerMoves, type LayerMoves } from './layer-moves.ts'
import { SentenceBy, sentenceVector } from './sentence-vector.ts'

const HiddenStateParams = z.strictObject({
  /** Where vectors are compared with each other: what enters the first block, or what a block leaves. */
  layer: LayerPlace,
  /** What stands for a text. */
  sentence: SentenceBy,
  /** A token by its id, or a text: how alike the vectors are that it has wherever it stands; of several tokens the last one’s. */
  word: TokenName.nullable().default(null),
  /** The most tokens of one text that are compared with each other; of more every second, third … one. */
  size: z.int().min(2).max(1024).default(256)
})
type HiddenStateParams = z.infer<typeof HiddenStateParams>

/** Texts, and places of a word, whose vectors are held to be compared; further ones are counted. */
const most = 512

const perToken: readonly [keyof LayerMoves, string][] = [
  ['norm', 'norm of the residual stream'],
  ['moved', 'norm of what the block adds: ‖x_l − x_{l−1}‖; NaN of the input'],
  ['cosine_previous', 'cosine with the layer before; NaN of the input'],
  ['cosine_input', 'cosine with what enters the first block']
]

const gives: readonly Given[] = [
  ...perToken.flatMap(([name, about]) => [
    { name, axes: ['layer', 'pos'], unit: '', about: `${about}; of one text` },
    {
      name: `${name}_mean`,
      axes: ['layer'],
      unit: '',
      about: `${about}; mean over all tokens that have it`
    }
  ]),
  {
    name: 'length_0',
    axes: ['layer'],
    unit: '',
    about: 'vectors of length 0, which have no cosine; left out where there are none'
  },
  {
    name: 'anisotropy',
    axes: ['layer'],
    unit: '',
    about: 'mean cosine over all pairs of different tokens, of all texts'
  },
  {
    name: 'similarity',
    axes: ['shown', 'other'],
    unit: '',
    about: 'cosine of the vectors of two tokens of one text, at `layer`'
  },
  { name: 'shown', axes: ['shown'], unit: '', about: 'positions of these tokens' },
  {
    name: 'sentence_similarity',
    axes: ['sentence', 'other_sentence'],
    unit: '',
    about: 'cosine of the vectors of two texts, at `layer`'
  },
  {
    name: 'sentence_anisotropy',
    axes: [],
    unit: '',
    about:
      'mean cosine over all pairs of different texts that are compared and have one; NaN of one'
  },
  {
    name: 'word_similarity',
    axes: ['place', 'other_place'],
    unit: '',
    about: 'cosine of the vectors that the word has at two places, at `layer`'
  },
  { name: 'place.window', axes: ['place'], unit: '', about: 'the text, from 0' },
  { name: 'place.pos', axes: ['place'], unit: '', about: 'the position there' }
]

/** How the vectors of tokens change from layer to layer, and how much alike they are. */
export const hiddenStates: Analysis<HiddenStateParams> = {
  name: 'hidden-states',
  version: 3,
  of: 'windows',
  compares: false,
  keeps: true,
  params: HiddenStateParams,
  about: {
    what: 'The residual stream of each token at each layer: how long it is, how far each block moves it, how it turns from layer to layer and away from the input; how much alike the tokens of a text are, texts among each other, and one word at all its places.',
    formulas: [
      'norm = ‖x_l‖, moved = ‖x_l − x_{l−1}‖, cosine_previous = cos(x_l, x_{l−1}), cosine_input = cos(x_l, x_input)',
      'anisotropy = (‖Σ x/‖x‖‖² − n) / (n (n − 1)) over all n tokens',
      'sentence: mean of the vectors of all its tokens, special ones among them, or its first or last token’s'
    ],
    sources: [
      'Ethayarajh 2019, “How Contextual are Contextualized Word Representations?”',
      'Reimers & Gurevych 2019, “Sentence-BERT”: mean, [CLS]'
    ],
    read: 'The layer `input` is what enters the first block, positions in it; each number is what that block leaves, norms between blocks not applied. Cosines are high throughout where a few dimensions are very large or vectors share a large mean: anisotropy says how high they are for any two tokens. A vector of length 0 has no cosine: it is NaN, means are of all others, and `length_0` counts them.',
    baseline: 'anisotropy: what two tokens that have nothing to do with each other have in common.'
  },
  gives,
  texts: ({ word }) => (word === null ? [] : textsAmong([word])),
  needs: (params, model) => {
    placeOfLayer(params.layer, model)
    const places = [...Array(widthsOf(model).nLayers + 1).keys()]
    return { ...nothing, hooks: places.map(hookOfPlace) }
  },

  start(params, model, state) {
    const layers = widthsOf(model).nLayers + 1
    const place = placeOfLayer(params.layer, model)
    const words = params.word === null ? null : wordsOf([params.word], model)
    const all = (state as HiddenStates | null) ?? nothingYet(layers)
    let ids = new Int32Array(0)
    /** Of the present window, until the layer after has come. */
    const waiting = new Map<number, Float32Array>()
    let input: Float32Array | null = null
    let previous: Float32Array | null = null
    /** Of the layer before, and of the first: [pos] each. */
    let norms: { previous: Float64Array; input: Float64Array } | null = null
    let next = 0

    function addLayer(layer: number, data: Float32Array): void {
      const moves = layerMoves(data, previous, input ?? data, ids.length)
      const before = norms?.previous ?? moves.norm
      const first = norms?.input ?? moves.norm
      if (layer === 0) input = data
      previous = data
      norms = { previous: moves.norm, input: first }
      const others = { cosine_previous: before, cosine_input: first, norm: null, moved: null }
      for (const [name] of perToken) {
        const other = others[name]
        for (const [pos, value] of moves[name].entries()) {
          if (other !== null && (moves.norm[pos] === 0 || other[pos] === 0)) continue
          all.sums[name][layer]! += value
          all.having[name][layer]!++
        }
      }
      const units = (all.units[layer] ??= new Float64Array(data.length / ids.length))
      all.counted[layer]! += addUnits(units, data, moves.norm)
      if (all.only !== null) for (const [name] of perToken) all.only[name].push(moves[name])
      if (layer === place) addVectors(data)
    }

    function addVectors(data: Float32Array): void {
      const width = data.length / ids.length
      const row = (pos: number) => data.slice(pos * width, (pos + 1) * width)
      if (all.only !== null)
        for (const pos of shownOf(ids.length, params.size)) all.only.vectors.push(row(pos))
      if (all.sentences.length < most)
        all.sentences.push(sentenceVector(data, ids.length, params.sentence))
      if (words === null) return
      for (const pos of placesOfWord(words[0]!, ids)) {
        all.places++
        if (all.placed.length < most)
          all.placed.push({ window: all.windows - 1, pos, vector: row(pos) })
      }
    }

    return {
      begin(window) {
        ids = window.ids.slice()
        all.windows++
        all.tokens += ids.length
        all.only = all.windows === 1 ? emptyText(ids.length) : null
        waiting.clear()
        input = previous = norms = null
        next = 0
      },
      take(taken) {
        if (taken.kind !== 'hook') return
        waiting.set(placeOfHook(taken.hook)!, taken.data)
        for (let data = waiting.get(next); data !== undefined; data = waiting.get(next)) {
          waiting.delete(next)
          addLayer(next++, data)
        }
      },
      result: () => statesDataset(all, params, words === null ? null : textAttribute(words)),
      state: () => all
    }
  }
}

interface OneText extends Readonly<Record<keyof LayerMoves, Float64Array[]>> {
  readonly length: number
  /** Of the tokens that are compared. */
  readonly vectors: Float32Array[]
}

interface HiddenStates extends State {
  windows: number
  tokens: number
  /** [layer] each, over all tokens. */
  readonly sums: Readonly<Record<keyof LayerMoves, Float64Array>>
  /** Likewise, how many tokens are in each: all but those without a cosine. */
  readonly having: Readonly<Record<keyof LayerMoves, Float64Array>>
  /** [layer], the sum of all tokens’ vectors of length 1. */
  readonly units: Float64Array[]
  /** [layer], tokens in it: all but those of length 0. */
  readonly counted: Float64Array
  /** The only text so far. */
  only: OneText | null
  /** Of the first texts. */
  readonly sentences: Float64Array[]
  /** Where the word stands, and how often in all. */
  readonly placed: {
    readonly window: number
    readonly pos: number
    readonly vector: Float32Array
  }[]
  places: number
}

function nothingYet(layers: number): HiddenStates {
  const each = () => new Float64Array(layers)
  const ofMoves = () => ({
    norm: each(),
    moved: each(),
    cosine_previous: each(),
    cosine_input: each()
  })
  return {
    windows: 0,
    tokens: 0,
    sums: ofMoves(),
    having: ofMoves(),
    units: [],
    counted: each(),
    only: null,
    sentences: [],
    placed: [],
    places: 0
  }
}

function emptyText(length: number): OneText {
  return { length, norm: [], moved: [], cosine_previous: [], cosine_input: [], vectors: [] }
}

function statesDataset(
  all: HiddenStates,
  { size }: HiddenStateParams,
  word: Dataset['attributes'] | null
): Dataset {
  const { only, tokens, sums, having, units, counted, sentences, placed, places, windows } = all
  const layers = counted.length
  const shown = only === null ? [] : shownOf(only.length, size)
  const step = shown.length > 1 ? shown[1]! - shown[0]! : 1
  const labels = shown.map(String)
  const alike = cosinesOf(sentences)
  const without = counted.map(n => tokens - n)
  const hasNone = without.some(count => count > 0)
  const axes = {
    layer: axis(Array.from({ length: layers }, (_, i) => (i === 0 ? 'input' : String(i - 1)))),
    ...(only !== null && { pos: axis(only.length), shown: axis(labels), other: axis(labels) }),
    sentence: axis(sentences.length),
    other_sentence: axis(sentences.length),
    ...(word !== null && { place: axis(placed.length), other_place: axis(placed.length) })
  }
  const data: Record<string, NumberArray> = {
    ...(only !== null && {
      ...Object.fromEntries(
        perToken.map(([name]): [string, NumberArray] => [
          name,
          Float64Array.from(only[name].flatMap(values => [...values]))
        ])
      ),
      similarity: cosinesOf(only.vectors),
      shown: Int32Array.from(shown)
    }),
    ...Object.fromEntries(
      perToken.map(([name]): [string, NumberArray] => [
        `${name}_mean`,
        sums[name].map((sum, layer) => sum / having[name][layer]!)
      ])
    ),
    ...(hasNone && { length_0: without }),
    anisotropy: counted.map((n, layer) => {
      const square = units[layer]!.reduce((sum, value) => sum + value * value, 0)
      return (square - n) / (n * (n - 1))
    }),
    sentence_similarity: alike,
    sentence_anisotropy: Float64Array.of(meanOfPairs(alike, sentences)),
    ...(word !== null && {
      word_similarity: cosinesOf(placed.map(({ vector }) => vector)),
      'place.window': Int32Array.from(placed, ({ window }) => window),
      'place.pos': Int32Array.from(placed, ({ pos }) => pos)
    })
  }
  return givenDataset(gives, axes, data, {
    ...word,
    tokens,
    ...(step > 1 && { similarity_of: `one token in ${step}` }),
    ...(windows > sentences.length && {
      sentences: `the first ${sentences.length} of ${windows} texts`
    }),
    ...(word !== null && places === 0 && { places: 'the word stands in none of the texts' }),
    ...(places > placed.length && { places: `the first ${placed.length} of ${places}` })
  })
}

/** The positions that are compared. */
function shownOf(length: number, size: number): number[] {
  const step = Math.ceil(length / size)
  return Array.from({ length: Math.ceil(length / step) }, (_, i) => i * step)
}

/** Adds each vector by its length. @returns how many have one */
function addUnits(units: Float64Array, data: Float32Array, norms: Float64Array): number {
  const { length: width } = units
  let count = 0
  for (const [pos, norm] of norms.entries()) {
    if (norm === 0) continue
    count++
    for (let i = 0; i < width; i++) units[i]! += data[pos * width + i]! / norm
  }
  return count
}

/** The mean beside the diagonal, of all vectors but those of length 0. @param values [n, n] */
function meanOfPairs(values: Float64Array, vectors: readonly Float64Array[]): number {
  const n = vectors.length
  const having = [...vectors.keys()].filter(i => vectors[i]!.some(value => value !== 0))
  let sum = 0
  for (const i of having) for (const j of having) if (i !== j) sum += values[i * n + j]!
  return sum / (having.length * (having.length - 1))
}
