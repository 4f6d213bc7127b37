import { where } from '../expressions.ts'
import type { Ops, TensorType, Value } from '../ir.ts'
import { broadcast, broadcastShape, comparison, expect } from '../shapes.ts'
import { unbroadcast } from '../unbroadcast.ts'

/** Comparisons and masks. */
export const logic: Ops<'Less' | 'LessOrEqual' | 'Equal' | 'And' | 'Not' | 'Where'> = {
  Less: { result: comparison },
  LessOrEqual: { result: comparison },
  Equal: { result: comparison },
  And: { result: ofBooleans },
  Not: { result: ofBooleans },
  Where: {
    result: ([condition, a, b]) => {
      expect(condition.type === 'bool', `expected a bool condition, got ${condition.type}`)
      const { type, shape } = broadcast([a, b])
      return { type, shape: broadcastShape([condition.shape, shape]) }
    },
    gradient: (g, { inputs: [condition, a, b] }) => [
      null,
      unbroadcast(where(condition, g, 0), a),
      unbroadcast(where(condition, 0, g), b)
    ]
  }
}

function ofBooleans(values: readonly Value[]): TensorType {
  expect(
    values.every(value => value.type === 'bool'),
    'expected bool operands'
  )
  return broadcast(values)
}
