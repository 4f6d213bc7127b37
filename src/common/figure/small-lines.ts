import { drawnLines, type LinesOf } from './drawn-lines.ts'
import { extent } from './heat-map-pixels.ts'
import type { SmallLines } from './model-lines.ts'
import { sliceOfFirstAxis, type Tensor } from '../model/tensor.ts'
import type { Visibility } from '../model/visibility.ts'

/** Rows of tokens in a square. */
export const mostRows = 48
/** Fainter lines than these tell nothing at this size. */
export const leastWeight = 0.02
/** Lines of a head. */
export const mostLines = 150
/** Of each row of tokens, also where there are many rows. */
const leastOfRow = 3

/** What the lines of a layer's heads are made of. */
export interface LayerMaps {
  readonly layer: number
  /** [head, row, row], or differences of two */
  readonly maps: Tensor
  readonly tokens: number
  /** Null where it is not known which keys a query sees. */
  readonly visibility: Visibility | null
  readonly firstHidden: boolean
}

/**
 * The lines of each head of a layer.
 * @param query whose lines are drawn alone; null for those of all
 * @param highOf the weight whose line is the most opaque, of each head
 */
export function smallLines(
  { layer, maps, tokens }: LayerMaps,
  query: number | null,
  highOf: (layer: number, head: number) => number
): SmallLines[] {
  const [heads = 0, rows = 1] = maps.shape
  // Each row stands for so many tokens.
  const step = Math.ceil(tokens / rows)
  const of: LinesOf =
    query === null
      ? { from: 0, to: rows }
      : { side: 'query', position: Math.min(rows - 1, Math.floor(query / step)) }
  return Array.from({ length: heads }, (_, head) => {
    const { data } = sliceOfFirstAxis(maps, head)
    // What a row of pooled tokens sees is not what its first one does; masked weights are zero and give no line.
    const { lines } = drawnLines([data], rows, null, of, leastWeight, Infinity)
    const each = query === null ? linesOfRow(rows) : rows
    return { layer, head, rows, lines: strongestOfRows(lines, each), high: highOf(layer, head) }
  })
}

/** So many lines begin at each row of queries: all squares are about as full, and early rows, whose weights are high, leave late ones theirs. */
export function linesOfRow(rows: number): number {
  return Math.max(leastOfRow, Math.floor(mostLines / rows))
}

/** @param lines the strongest last */
function strongestOfRows<L extends { readonly query: number }>(
  lines: readonly L[],
  each: number
): L[] {
  const taken = new Map<number, number>()
  const strongest = lines.toReversed().filter(({ query }) => {
    const before = taken.get(query) ?? 0
    taken.set(query, before + 1)
    return before < each
  })
  return strongest.toReversed()
}

/** A layer less another, of as many tokens: its maps are of the heads that both have. */
export function layerLess(own: LayerMaps, { maps: others, visibility }: LayerMaps): LayerMaps {
  const { maps } = own
  const heads = Math.min(maps.shape[0]!, others.shape[0]!)
  const data = new Float32Array((maps.data.length / maps.shape[0]!) * heads)
  for (let i = 0; i < data.length; i++) data[i] = maps.data[i]! - others.data[i]!
  const isSeenAlike = JSON.stringify(own.visibility) === JSON.stringify(visibility)
  return {
    ...own,
    maps: { ...maps, data, shape: [heads, ...maps.shape.slice(1)] },
    visibility: isSeenAlike ? visibility : null
  }
}

/** The highest weight of each head of a layer, or how far its differences are from zero: [head] */
export function highestWeights(of: LayerMaps): readonly number[] {
  const known = highest.get(of)
  if (known) return known
  const { maps, tokens, visibility, firstHidden } = of
  const [heads = 0, rows = 1] = maps.shape
  const found = Array.from({ length: heads }, (_, head) => {
    const { data } = sliceOfFirstAxis(maps, head)
    const { low, high } = extent(data, rows, tokens, visibility, firstHidden)
    return Math.max(-low, high)
  })
  highest.set(of, found)
  return found
}

/** Of maps that came before, which do not change. */
const highest = new WeakMap<LayerMaps, readonly number[]>()
