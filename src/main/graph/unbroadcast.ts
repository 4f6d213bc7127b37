import { reduceSum } from './expressions.ts'
import type { Value } from './ir.ts'

/** The gradient of an operand that was broadcast: `g` summed over the axes along which it was repeated. */
export function unbroadcast(g: Value, operand: Value): Value {
  const added = g.shape.length - operand.shape.length
  const leading = Array.from({ length: added }, (_, axis) => axis)
  const inner = added > 0 ? reduceSum(g, leading) : g
  const repeated = operand.shape.flatMap((dim, axis) =>
    dim === 1 && inner.shape[axis] !== 1 ? [axis] : []
  )
  return repeated.length > 0 ? reduceSum(inner, repeated, true) : inner
}
