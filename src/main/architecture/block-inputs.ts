import { isDeepStrictEqual } from 'node:util'
import { alibiBiases } from '#common/model/alibi.ts'
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

/**
 * Which keys a block's queries may see beside what positions say: `seen_keys` [key], 1, or 0 where a token is padding;
 * nothing for a model without.
 * @param ids of all tokens, those of a past, too
 */
export function seenKeys(
  { padding }: TransformerSpec,
  ids: readonly number[]
): Readonly<Record<string, Tensor>> {
  if (padding === null) return {}
  const data = Float32Array.from(ids, id => (id === padding ? 0 : 1))
  return { seen_keys: { shape: [ids.length], data } }
}

/** Of the blocks from `from` on the first that takes in the same as a block: in one part they share their inputs. */
export function firstAlike(
  { blocks }: Pick<TransformerSpec, 'blocks'>,
  from: number,
  layer: number
): number {
  const placed = (layer: number) => blocks[layer]!.attention.positions
  let first = from
  while (!isDeepStrictEqual(placed(first), placed(layer))) first++
  return first
}

/** @returns from, from + 1, …, to − 1 */
function numbers(from: number, to: number): Tensor {
  return { shape: [to - from], data: Float32Array.from({ length: to - from }, (_, i) => from + i) }
}

/** @returns [head, key] */
function alibiTable(spec: AlibiSpec, nHeads: number, count: number): Tensor {
  const data = new Float32Array(nHeads * count)
  for (let head = 0; head < nHeads; head++)
    data.set(alibiBiases(spec, nHeads, head, count), head * count)
  return { shape: [nHeads, count], data }
}
