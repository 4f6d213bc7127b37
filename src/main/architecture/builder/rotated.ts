import { pairsOf } from '#common/model/rotary.ts'
import type { RotarySpec } from '#common/model/spec.ts'
import { add, concat, mul, reshape, slice, sub } from '../../graph/expressions.ts'
import type { Value } from '../../graph/graph.ts'
import type { BlockInputs } from './inputs.ts'

/**
 * Heads turned by their positions.
 * @param x [pos, head, d_head]
 * @returns [pos, head, d_head]
 */
export function rotated(x: Value, { dims, pairs }: RotarySpec, inputs: BlockInputs): Value {
  const [pos, heads, dHead] = x.shape
  const adjacent = pairs === 'adjacent'
  const half = pairsOf(dims)
  const turning = slice(x, 2, 0, 2 * half)
  const lay = (value: Value) => (adjacent ? reshape(value, [pos!, heads!, half, 2]) : value)
  const at = (i: number) =>
    slice(lay(turning), -1, adjacent ? i : i * half, adjacent ? i + 1 : (i + 1) * half)
  const table = (value: Value) => reshape(value, adjacent ? [pos!, 1, half, 1] : [pos!, 1, half])
  const [a, b] = [at(0), at(1)]
  const [cos, sin] = [table(inputs.rotaryCos!), table(inputs.rotarySin!)]
  const turned = concat([sub(mul(a, cos), mul(b, sin)), add(mul(b, cos), mul(a, sin))], -1)
  const laid = adjacent ? reshape(turned, [pos!, heads!, 2 * half]) : turned
  return 2 * half === dHead ? laid : concat([laid, slice(x, 2, 2 * half)], 2)
}
