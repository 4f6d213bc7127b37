import { kinds } from '../../analysis/composition/composition-of-layers.ts'
import { variable, type Dataset } from '../../data/dataset.ts'
import type { DistanceMatrixData } from '../distance-matrix.ts'
import type { HeadMapData } from '../head-map.ts'

/** A head by layer and number. */
export interface HeadPlace {
  readonly layer: number
  readonly head: number
}

/** A number of heads by their weights, and the analysis that it is of. */
export interface HeadNumber {
  readonly name: string
  readonly words: string
  readonly formula: string
  readonly analysis: 'head-weights' | 'composition'
  readonly params: Readonly<Record<string, string[]>>
  /** Of each two heads: it is shown from the one that is selected. */
  readonly ofTwo: boolean
  readonly quantity: HeadMapData['quantity']
}

const norm = (letter: string): HeadNumber => ({
  ...{ name: `norm_${letter}`, words: `norm of W_${letter}`, formula: `‖W_${letter}‖ = √Σ w²` },
  ...{ analysis: 'head-weights', params: { parts: ['norms'] }, ofTwo: false, quantity: 'weight' }
})

/** What a head, or two of them, can be told by. */
export const headNumbers: readonly HeadNumber[] = [
  ...['Q', 'K', 'V', 'O'].map(norm),
  {
    ...{ name: 'copying', words: 'copying', formula: 'Σ Re λ / Σ |λ| of W_V W_O' },
    ...{ analysis: 'head-weights', params: { parts: ['eigenvalues'] } },
    ...{ ofTwo: false, quantity: 'difference' }
  },
  {
    ...{ name: 'full_copying', words: 'copying of tokens' },
    formula: 'Σ Re λ / Σ |λ| of W_E W_V W_O W_U',
    ...{ analysis: 'head-weights', params: { parts: ['full'] } },
    ...{ ofTwo: false, quantity: 'difference' }
  },
  {
    ...{ name: 'cosine_Q', words: 'similarity of W_Q', formula: 'Σ a b / (‖a‖ ‖b‖)' },
    ...{ analysis: 'head-weights', params: { parts: ['similarity'] } },
    ...{ ofTwo: true, quantity: 'difference' }
  },
  ...kinds.map((kind): HeadNumber => ({
    ...{ name: `${kind}_composition`, words: `${kind} composition` },
    formula: `‖W_V W_O · ${{ Q: 'W_Q W_Kᵀ', K: 'W_K W_Qᵀ', V: 'W_V W_O' }[kind]}‖ / the product of the norms`,
    ...{ analysis: 'composition', params: {}, ofTwo: true, quantity: 'weight' }
  }))
]

export function headNumberNamed(name: string): HeadNumber {
  return headNumbers.find(own => own.name === name) ?? headNumbers[0]!
}

/**
 * A number of each head; one of two heads from the selected one: how much the later of both reads of what the earlier writes.
 * @param result of the number's analysis, of all layers
 */
export function headNumberMap(
  result: Dataset,
  { name, words, ofTwo, quantity }: HeadNumber,
  nHeads: number,
  selected: HeadPlace
): HeadMapData {
  const own = variable(result, name)
  const layers = layersOf(result)
  const at = (layer: number, head: number) => layers.indexOf(layer) * nHeads + head
  const all = layers.length * nHeads
  const value = (layer: number, head: number): number => {
    if (!ofTwo) {
      // Heads may share their keys and values.
      const width = own.data.length / layers.length
      return own.data[layers.indexOf(layer) * width + Math.floor((head * width) / nHeads)]!
    }
    const [one, other] = [at(layer, head), at(selected.layer, selected.head)]
    if (name === 'cosine_Q') return one === other ? NaN : own.data[one * all + other]!
    if (layer === selected.layer) return NaN
    return layer < selected.layer ? own.data[one * all + other]! : own.data[other * all + one]!
  }
  return {
    title: null,
    name: ofTwo ? `${words} with ${selected.layer}.${selected.head}` : words,
    ...{ quantity, layers, heads: nHeads },
    values: layers.flatMap(layer => Array.from({ length: nHeads }, (_, head) => value(layer, head)))
  }
}

/**
 * A number of each two heads: of composition what heads of the columns read of what earlier ones, of the rows, write.
 * @param number of two heads
 */
export function headNumberMatrix(
  result: Dataset,
  { name, words, quantity }: HeadNumber,
  nHeads: number
): DistanceMatrixData {
  const heads = headsOf(result, nHeads)
  const { data } = variable(result, name)
  const isLike = name === 'cosine_Q'
  return {
    ...{ title: null, name: words, signed: quantity === 'difference', view: null },
    leaves: heads.map(({ layer, head }) => ({ label: `${layer}.${head}`, group: layer })),
    sides: isLike
      ? { rows: 'head', columns: 'head' }
      : { rows: 'head that writes', columns: 'later head that reads' },
    distances: Float32Array.from(data, (value, i) => {
      const [one, other] = [Math.floor(i / heads.length), i % heads.length]
      const isThere = isLike ? one !== other : heads[one]!.layer < heads[other]!.layer
      return isThere ? value : NaN
    })
  }
}

/** Two heads, the earlier first, and how much they have to do with one another. */
export interface HeadPair {
  readonly one: HeadPlace
  readonly other: HeadPlace
  readonly value: number
}

/** The pairs of heads of the largest numbers, among all. */
export function strongestPairs(
  result: Dataset,
  { name }: HeadNumber,
  nHeads: number,
  most: number
): HeadPair[] {
  const heads = headsOf(result, nHeads)
  const { data } = variable(result, name)
  const pairs = heads.flatMap((one, i) =>
    heads.slice(i + 1).flatMap((other, j): HeadPair[] => {
      const value = data[i * heads.length + i + 1 + j]!
      const isBetween = name === 'cosine_Q' || one.layer < other.layer
      return isBetween && Number.isFinite(value) ? [{ one, other, value }] : []
    })
  )
  return pairs.sort((a, b) => b.value - a.value).slice(0, most)
}

/** All heads, layer by layer. */
export function headsOf(result: Dataset, nHeads: number): HeadPlace[] {
  return layersOf(result).flatMap(layer =>
    Array.from({ length: nHeads }, (_, head) => ({ layer, head }))
  )
}

function layersOf(result: Dataset): number[] {
  const { layer, one_head: heads } = result.axes
  const labels = layer?.labels ?? heads!.labels!.map(name => name.split('.')[0]!)
  return [...new Set(labels)].map(Number)
}
