import type { TensorTable } from '../tensor-table.ts'

/** What tensors that are no weights tell of a model. */
export interface Buffers {
  /** Why each is left out, by name. */
  readonly notes: ReadonlyMap<string, string>
  /** A causal mask is among them. */
  readonly causalMask: boolean
  /** The side of the largest mask. */
  readonly maskSize: number | null
  /** Dimensions of a head that turn, where there are rotary frequencies. */
  readonly rotaryDims: number | null
  /** Rows of a table of sinusoidal positions. */
  readonly sinusoidRows: number | null
  /** Tensors that are weights, in the order of the file. */
  readonly weights: TensorTable
}

const mask = /(^|[._])(tril|triu|mask|causal_mask|attn_mask|masked_bias|future_mask|IGNORE)$/i
const frequencies = /(inv_freq|(^|[._])freqs)$/i
const rotaryTables = /(cos_cached|sin_cached|freqs_cis|(^|[._])(rope|rotary)_(cos|sin))$/i
const positionTable = /(^|[._])(pe|pos_encoding|positional_encoding|pos_enc|sinusoid\w*)$/i
const counters = /(position_ids|num_batches_tracked|_extra_state)$/i

/** Tells the buffers that training leaves beside the weights: masks, frequencies, tables of sines. */
export function buffersOf(tensors: TensorTable): Buffers {
  const notes = new Map<string, string>()
  let causalMask = false
  let maskSize: number | null = null
  let rotaryDims: number | null = null
  let sinusoidRows: number | null = null

  for (const [name, { dtype, shape }] of tensors) {
    const [rows = 0, columns = 0] = shape.slice(-2)
    const square = shape.length >= 2 && rows === columns
    const flat = shape.filter(length => length !== 1)
    if (mask.test(name) || (/(^|\.)bias$/.test(name) && shape.length === 4 && square)) {
      notes.set(name, 'a mask, not a weight')
      if (square && rows > 1) {
        causalMask = true
        maskSize = Math.max(maskSize ?? 0, rows)
      }
    } else if (frequencies.test(name)) {
      notes.set(name, 'rotary frequencies, computed anew')
      if (flat.length === 1) rotaryDims = 2 * flat[0]!
    } else if (rotaryTables.test(name)) notes.set(name, 'a rotary table, computed anew')
    else if (positionTable.test(name) && flat.length === 2) {
      notes.set(name, 'a table of positions, computed anew')
      sinusoidRows = flat[0]!
    } else if (counters.test(name)) notes.set(name, 'counts, not weights')
    else if (!/^(F|BF)/.test(dtype)) notes.set(name, `${dtype} numbers, not weights`)
  }
  const weights = new Map([...tensors].filter(([name]) => !notes.has(name)))
  return { notes, causalMask, maskSize, rotaryDims, sinusoidRows, weights }
}
