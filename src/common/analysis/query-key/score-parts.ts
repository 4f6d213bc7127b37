import { alibiBiases } from '../../model/alibi.ts'
import { relativeBuckets } from '../../model/relative-buckets.ts'
import type { ScoreFacts } from '../../model/score-facts.ts'

/** What the score of one query is made of, for each key; float64. */
export interface ScoreParts {
  /** q ∘ k, [key, dim]. */
  readonly products: Float64Array
  /** Σ over dim of the products, [key]. */
  readonly dot: Float64Array
  /** scale · dot */
  readonly scaled: Float64Array
  /** softCap · tanh(scaled / softCap); the same as scaled without a cap. */
  readonly capped: Float64Array
  /** What biases by position add; 0 without them. */
  readonly bias: Float64Array
}

/**
 * Takes the scores of one query of a head apart: a score is capped + bias.
 * @param q [dim]
 * @param keys [key, dim]
 * @param of the head among all query heads, whose slope it has, and where it looks from
 * @param table W_rel, [bucket, head], where positions have biases of their own
 */
export function scoreParts(
  q: Float32Array,
  keys: Float32Array,
  { scale, softCap, alibi, relative }: Omit<ScoreFacts, 'vectors'>,
  of: { readonly head: number; readonly nHeads: number; readonly query: number },
  table: Float32Array = new Float32Array(0)
): ScoreParts {
  const width = q.length
  const count = keys.length / width
  const products = Float64Array.from(keys, (value, i) => value * q[i % width]!)
  const dot = Float64Array.from({ length: count }, (_, key) =>
    products.subarray(key * width, (key + 1) * width).reduce((sum, product) => sum + product, 0)
  )
  const scaled = dot.map(value => scale * value)
  const capped =
    softCap === null ? scaled : scaled.map(value => softCap * Math.tanh(value / softCap))
  const bias =
    alibi !== null
      ? Float64Array.from(alibiBiases(alibi, of.nHeads, of.head, count))
      : relative === undefined
        ? new Float64Array(count)
        : relativeBiases(relative, table, of, count)
  return { products, dot, scaled, capped, bias }
}

/** What positions of keys beside the query's add, [key]. */
function relativeBiases(
  relative: NonNullable<ScoreFacts['relative']>,
  table: Float32Array,
  {
    head,
    nHeads,
    query
  }: { readonly head: number; readonly nHeads: number; readonly query: number },
  count: number
): Float64Array {
  const { furthest } = relative
  const buckets = relativeBuckets(relative)
  return Float64Array.from({ length: count }, (_, key) => {
    const offset = Math.max(-furthest, Math.min(furthest, key - query))
    return table[buckets[offset + furthest]! * nHeads + head]!
  })
}
