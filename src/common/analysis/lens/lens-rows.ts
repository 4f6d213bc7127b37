import { growTo } from '../simd-code.ts'
import { largest } from '../softmax.ts'
import { blockOf, rowKernels } from './row-kernels.ts'

/** What a residual would say at a position, beside what the model says. */
export interface LensRow {
  /** ln Σ exp of its logits. */
  readonly logSum: number
  /** −Σ p ln p, in nats. */
  readonly entropy: number
  /** KL(final ‖ lens) and KL(lens ‖ final), in nats. */
  readonly finalLens: number
  readonly lensFinal: number
}

/** The distribution that the model gives at a position. */
export type FinalRow = Pick<LensRow, 'logSum' | 'entropy'>

/** Rows of logits, read one after the other, each once. */
export interface LensRows {
  /** Reads what the model says at a position; those that are read after it are set beside it. */
  final(logits: Float32Array): FinalRow
  /** Reads what a residual would say at the same position. */
  lens(logits: Float32Array): LensRow
  /** How many tokens have a strictly higher logit than one, in the row that was read last; of NaN all others. */
  rank(logit: number): number
  /** The tokens of its highest logits, highest first and NaN last, and the least distance between neighbours, the next one among them. */
  top(count: number): { readonly tokens: readonly number[]; readonly gap: number }
}

/** Below all logits but −∞, for what is left of a row’s last block. */
const padding = -3e38
/** Vectors whose sums in float32 are added in float64. */
const vectorsAtOnce = 128

/** @param width d_vocab or labels */
export function lensRows(width: number): LensRows {
  const kernels = rowKernels()
  const blocks = Math.ceil(width / blockOf)
  const padded = blocks * blockOf
  /** Where things lie in memory, in numbers: what kernels write, maxima, the row, then the final one’s shifted logits and shares. */
  const maximaAt = 16
  const rowAt = maximaAt + Math.ceil(blocks / 4) * 4
  const finalAt = rowAt + padded
  const sharesAt = finalAt + padded
  growTo(kernels, (sharesAt + padded) * 4)
  const floats = new Float32Array(kernels.memory.buffer)
  const counts = new Int32Array(kernels.memory.buffer, 0, 4)
  let final = { sum: NaN, entropy: NaN }
  let most = -Infinity

  function within(start: number, length = padded): Float32Array {
    return floats.subarray(start, start + length)
  }

  function read(logits: Float32Array): void {
    within(rowAt).fill(padding, width)
    floats.set(logits, rowAt)
    kernels.maxima(rowAt * 4, blocks, maximaAt * 4)
    most = within(maximaAt, blocks).reduce((most, one) => Math.max(most, one), -Infinity)
  }

  /** With x the row less its highest: Σ of e^x, of e^x x, of e^x times a final row’s shifted logits, of its shares times x. */
  function sums(): [number, number, number, number] {
    const sum: [number, number, number, number] = [0, 0, 0, 0]
    const places = [rowAt, finalAt, sharesAt] as const
    for (let done = 0; done < padded; done += 4 * vectorsAtOnce) {
      const [row, other, shares] = places.map(place => (place + done) * 4) as [
        number,
        number,
        number
      ]
      kernels.sums(row, other, shares, Math.min(vectorsAtOnce, (padded - done) / 4), most, 0)
      for (let i = 0; i < 16; i++) sum[i >> 2]! += floats[i]!
    }
    const [row, other, shares] = places.map(place => within(place, width))
    return sum.every(Number.isFinite) ? sum : infiniteSums(row!, most, other!, shares!)
  }

  return {
    final(logits) {
      read(logits)
      floats.copyWithin(finalAt, rowAt, rowAt + padded)
      kernels.shares(finalAt * 4, padded / 4, most, sharesAt * 4)
      const [sum, own] = sums()
      const entropy = Math.max(0, Math.log(sum) - own / sum)
      final = { sum, entropy }
      return { logSum: most + Math.log(sum), entropy }
    },

    lens(logits) {
      read(logits)
      const [sum, own, other, crossed] = sums()
      const shift = Math.log(sum)
      return {
        logSum: most + shift,
        entropy: Math.max(0, shift - own / sum),
        finalLens: Math.max(0, shift - crossed / final.sum - final.entropy),
        lensFinal: Math.max(0, (own - other) / sum - shift + Math.log(final.sum))
      }
    },

    rank(logit) {
      if (Number.isNaN(logit)) return width - 1
      kernels.above(rowAt * 4, padded / 4, logit, 0)
      const all = counts.reduce((sum, count) => sum + count, 0)
      return logit < padding ? all - (padded - width) : all
    },

    top(count) {
      const maxima = within(maximaAt, blocks)
      const row = within(rowAt, width)
      // As many blocks hold one each that is no lower.
      const least = blocks > count ? maxima[largest(maxima, count + 1)[count]!]! : -Infinity
      const found: number[] = []
      for (let block = 0; block < blocks; block++)
        if (maxima[block]! >= least)
          for (let i = block * blockOf; i < Math.min(width, (block + 1) * blockOf); i++)
            if (row[i]! >= least) found.push(i)
      found.sort((a, b) => row[b]! - row[a]! || a - b)
      for (let i = 0; i < width && found.length < count; i++)
        if (Number.isNaN(row[i]!)) found.push(i)
      let gap = Infinity
      for (let i = 1; i < Math.min(found.length, count + 1); i++)
        gap = Math.min(gap, row[found[i - 1]!]! - row[found[i]!]!)
      return { tokens: found.slice(0, count), gap }
    }
  }
}

/** The sums of rows that hold −∞: what has no share counts nothing. */
function infiniteSums(
  row: Float32Array,
  most: number,
  other: Float32Array,
  shares: Float32Array
): [number, number, number, number] {
  const sum: [number, number, number, number] = [0, 0, 0, 0]
  row.forEach((logit, i) => {
    const x = logit - most
    const share = Math.exp(x)
    sum[0] += share
    if (share !== 0) {
      sum[1] += share * x
      sum[2] += share * other[i]!
    }
    if (shares[i]! > 0) sum[3] += shares[i]! * x
  })
  return sum
}
