import { addProduct, rowMajorView, transposedView, type MatrixView } from '../matrix-product.ts'

/** A number of a circuit, of a token and another. */
export interface TokenPair {
  readonly from: number
  readonly to: number
  readonly value: number
}

/** What a circuit from every token to every other comes to. */
export interface TokenCircuit {
  /** The largest numbers, the largest first. */
  readonly pairs: readonly TokenPair[]
  readonly mean: number
  readonly std: number
  /** Of each row that was read how many numbers of it are larger than that of the token itself. */
  readonly ahead: Int32Array
}

/** Rows of a circuit that are formed at once. */
const rowsAtOnce = 64

/**
 * Reads A Bᵀ block by block; none of it stays.
 * @param a [token, d_head]
 * @param b [token, d_head], of the same tokens
 * @param rows tokens whose rows are formed, in order
 * @param most pairs that are kept
 */
export function circuitOverTokens(
  a: MatrixView,
  b: MatrixView,
  rows: Int32Array,
  most: number
): TokenCircuit {
  const tokens = b.rows
  const block = new Float64Array(rowsAtOnce * tokens)
  const part = new Float64Array(rowsAtOnce * a.columns)
  const ahead = new Int32Array(rows.length)
  const top = largestPairs(most)
  let [sum, squares] = [0, 0]
  for (let start = 0; start < rows.length; start += rowsAtOnce) {
    const own = rows.subarray(start, start + rowsAtOnce)
    own.forEach((row, i) =>
      part.set(a.data.subarray(row * a.columns, (row + 1) * a.columns), i * a.columns)
    )
    const products = block.fill(0).subarray(0, own.length * tokens)
    addProduct(products, rowMajorView(part, own.length, a.columns), transposedView(b))
    own.forEach((row, i) => {
      const numbers = products.subarray(i * tokens, (i + 1) * tokens)
      const self = numbers[row]!
      let [ownSum, ownSquares, larger] = [0, 0, 0]
      for (let to = 0; to < tokens; to++) {
        const value = numbers[to]!
        ownSum += value
        ownSquares += value * value
        if (value > self) larger++
        if (value > top.least()) top.add({ from: row, to, value })
      }
      sum += ownSum
      squares += ownSquares
      ahead[start + i] = larger
    })
  }
  const count = rows.length * tokens
  const mean = sum / count
  return {
    pairs: top.sorted(),
    mean,
    std: Math.sqrt(Math.max(0, squares / count - mean * mean)),
    ahead
  }
}

/** The largest pairs of those that are added; of equal ones those that came first. */
function largestPairs(most: number) {
  const kept: TokenPair[] = []
  return {
    least: () => (kept.length < most ? -Infinity : kept.at(-1)!.value),
    add(pair: TokenPair) {
      const at = kept.findIndex(({ value }) => value < pair.value)
      kept.splice(at < 0 ? kept.length : at, 0, pair)
      if (kept.length > most) kept.pop()
    },
    sorted: () => kept
  }
}

/** Some tokens of a vocabulary, as far apart as may be. */
export function evenTokens(tokens: number, count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => Math.floor((i * tokens) / count))
}
