import type { AlibiSpec, TransformerSpec } from '#common/model/spec.ts'
import type { Tensor } from '#common/model/tensor.ts'
import { rotaryTables } from './rotary.ts'

/**
 * What a block takes in besides the residual, for a text of `count` tokens: `positions` [pos];
 * `rotary_cos` and `rotary_sin` [pos, pair] where positions are rotary; `alibi` [head, key] where linear
 * biases are. They are tables rather than nodes of the graph, for the sines of some providers are coarse.
 * @param past of a graph after a past, how many tokens that has: [pos] are those that follow, [key] all; there are
 *   `key_positions` [key], too
 */
export function blockInputs(
  spec: TransformerSpec,
  layer: number,
  count: number,
  past?: number
): Readonly<Record<string, Tensor>> {
  const from = past ?? 0
  const positions = {
    positions: numbers(from, count),
    ...(past !== undefined && { key_positions: numbers(0, count) })
  }
  const placed = spec.blocks[layer]!.attention.positions
  if (placed?.kind === 'rotary') {
    const { cos, sin } = rotaryTables(placed, count, from)
    return { ...positions, rotary_cos: cos, rotary_sin: sin }
  }
  if (placed?.kind === 'alibi')
    return { ...positions, alibi: alibiTable(placed, spec.nHeads, count) }
  return positions
}

/** @returns from, from + 1, …, to − 1 */
function numbers(from: number, to: number): Tensor {
  return { shape: [to - from], data: Float32Array.from({ length: to - from }, (_, i) => from + i) }
}

/** @returns [head, key] */
function alibiTable({ scale, rounding }: AlibiSpec, nHeads: number, count: number): Tensor {
  const round = rounding === 'bfloat16' ? toBfloat16 : Math.fround
  const data = new Float32Array(nHeads * count)
  alibiSlopes(nHeads).forEach((slope, head) => {
    for (let key = 0; key < count; key++)
      data[head * count + key] = round(round(slope) * key) * scale
  })
  return { shape: [nHeads, count], data }
}

/**
 * The slope of each head: a geometric sequence from 2^(−8/n) for n heads, n a power of two; else the
 * sequence of the power of two below, and every other one of that of twice as many.
 * @source Press et al. 2022, section 3, and the code published with it
 */
export function alibiSlopes(nHeads: number): number[] {
  const power = 2 ** Math.floor(Math.log2(nHeads))
  return Array.from({ length: nHeads }, (_, head) =>
    head < power ? 2 ** ((-8 * (head + 1)) / power) : 2 ** ((-4 * (2 * (head - power) + 1)) / power)
  )
}

/** The nearest bfloat16, ties to the even one. */
function toBfloat16(x: number): number {
  const float = new Float32Array([x])
  const bits = new Uint32Array(float.buffer)
  bits[0] = ((bits[0]! + 0x7fff + ((bits[0]! >>> 16) & 1)) & 0xffff0000) >>> 0
  return float[0]!
}
