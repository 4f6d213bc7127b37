import { add, mul, reciprocal, reduceMean, reduceSum, sqrt, sub } from '../expressions.ts'
import type { Ops, TensorType, Value } from '../ir.ts'
import { commonType, dimension, expect, sameShape, unchanged } from '../shapes.ts'
import { unbroadcast } from '../unbroadcast.ts'

/** Softmax and the normalizations, over the last axis. */
export const normalization: Ops<'Softmax' | 'LayerNormalization' | 'RmsNormalization'> = {
  Softmax: {
    result: unchanged,
    gradient: (g, { output }) => [mul(output, sub(g, reduceSum(mul(g, output), [-1], true)))],
    onnx: () => ({ attributes: { axis: -1 } })
  },

  LayerNormalization: {
    result: ([x, scale, bias]) => scaled(x, bias ? [scale, bias] : [scale]),
    gradient: (g, { inputs: [x, scale, bias], attributes: { epsilon } }) => {
      const centered = sub(x, reduceMean(x, [-1], true))
      const { inverse, normalized } = overRootMeanSquare(centered, epsilon)
      const inner = mul(g, scale)
      return [
        mul(inverse, sub(sub(inner, reduceMean(inner, [-1], true)), along(normalized, inner))),
        unbroadcast(mul(g, normalized), scale),
        bias ? unbroadcast(g, bias) : null
      ]
    },
    onnx: ({ attributes: { epsilon } }) => ({
      attributes: { axis: -1, epsilon: { float: epsilon } }
    })
  },

  RmsNormalization: {
    result: ([x, scale]) => scaled(x, [scale]),
    gradient: (g, { inputs: [x, scale], attributes: { epsilon } }) => {
      const { inverse, normalized } = overRootMeanSquare(x, epsilon)
      const inner = mul(g, scale)
      return [
        mul(inverse, sub(inner, along(normalized, inner))),
        unbroadcast(mul(g, normalized), scale)
      ]
    },
    // ONNX Runtime's own op, which runs on the CPU and on WebGPU; ONNX has one only from opset 23 on.
    onnx: ({ attributes: { epsilon } }) => ({
      type: 'SimplifiedLayerNormalization',
      attributes: { axis: -1, epsilon: { float: epsilon } }
    })
  }
}

function overRootMeanSquare(x: Value, epsilon: number) {
  const inverse = reciprocal(sqrt(add(reduceMean(mul(x, x), [-1], true), epsilon)))
  return { inverse, normalized: mul(x, inverse) }
}

/** The part of the gradient that would only change the length of the normalized vector. */
function along(normalized: Value, g: Value): Value {
  return mul(normalized, reduceMean(mul(normalized, g), [-1], true))
}

function scaled(x: Value, parameters: readonly Value[]): TensorType {
  const last = dimension(x, x.shape.length - 1)
  expect(
    parameters.every(parameter => sameShape(parameter.shape, [last])),
    `expected parameters of shape [${last}]`
  )
  return { type: commonType([x, ...parameters]), shape: x.shape }
}
