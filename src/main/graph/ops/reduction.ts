import { cast, div, expand, reshape, size } from '../expressions.ts'
import type { Calls, Node, OnnxNode, OnnxScope, Ops, TensorType, Value } from '../ir.ts'
import { dimension, expect, numericCount } from '../shapes.ts'

type Reduction = Calls['ReduceSum']

/** Sums and means over axes. */
export const reduction: Ops<'ReduceSum' | 'ReduceMean'> = {
  ReduceSum: {
    result: reduced,
    gradient: (g, { inputs: [x], attributes: { axes } }) => [expand(kept(g, x, axes), x.shape)],
    onnx
  },

  ReduceMean: {
    result: reduced,
    gradient: (g, { inputs: [x], attributes: { axes } }) => [
      expand(overLengths(kept(g, x, axes), x, axes), x.shape)
    ],
    onnx
  }
}

function reduced(
  [x]: Reduction['inputs'],
  { axes, keepDims }: Reduction['attributes']
): TensorType {
  expect(axes.length > 0, 'expected at least one axis')
  for (const axis of axes) dimension(x, axis)
  const shape = keepDims ? keptShape(x, axes) : x.shape.filter((_, axis) => !axes.includes(axis))
  return { type: x.type, shape }
}

/** `g` with the axes it was summed over back in place, as 1. */
function kept(g: Value, x: Value, axes: readonly number[]): Value {
  return g.shape.length === x.shape.length ? g : reshape(g, keptShape(x, axes))
}

function keptShape(x: Value, axes: readonly number[]) {
  return x.shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim))
}

function overLengths(g: Value, x: Value, axes: readonly number[]): Value {
  const share = div(g, numericCount(axes.map(axis => dimension(x, axis))))
  return axes
    .filter(axis => typeof dimension(x, axis) === 'string')
    .reduce((rest, axis) => div(rest, cast(size(x, axis), g.type)), share)
}

function onnx(
  {
    inputs: [x],
    attributes: { axes, keepDims }
  }: Node<Reduction['inputs'], Reduction['attributes']>,
  scope: OnnxScope
): OnnxNode {
  return { inputs: [x, scope.ints(axes)], attributes: { keepdims: Number(keepDims) } }
}
