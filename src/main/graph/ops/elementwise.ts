import {
  add,
  affine,
  cast,
  cos,
  div,
  erf,
  exp,
  less,
  log,
  mul,
  neg,
  pow,
  sigmoid,
  sign,
  sin,
  sub,
  where
} from '../expressions.ts'
import type { Calls, Ops, Value } from '../ir.ts'
import { broadcast, commonType, expect, unchanged } from '../shapes.ts'
import { unbroadcast } from '../unbroadcast.ts'
import { dataTypes } from '../data-types.ts'

type UnaryName =
  | 'Neg'
  | 'Exp'
  | 'Log'
  | 'Sqrt'
  | 'Reciprocal'
  | 'Abs'
  | 'Sign'
  | 'Sin'
  | 'Cos'
  | 'Tanh'
  | 'Erf'
  | 'Sigmoid'
  | 'Relu'
  | 'Softplus'
  | 'Gelu'
  | 'Cast'

type BinaryName = 'Add' | 'Sub' | 'Mul' | 'Div' | 'Pow' | 'Max' | 'Min'

/** Functions of one number, or of several that broadcast, element by element. */
export const elementwise: Ops<UnaryName | BinaryName | 'Affine'> = {
  Neg: { result: unchanged, gradient: g => [neg(g)] },
  Exp: { result: unchanged, gradient: (g, { output }) => [mul(g, output)] },
  Log: { result: unchanged, gradient: (g, { inputs: [x] }) => [div(g, x)] },
  Sqrt: { result: unchanged, gradient: (g, { output }) => [div(g, mul(output, 2))] },
  Reciprocal: {
    result: unchanged,
    gradient: (g, { output }) => [neg(mul(g, mul(output, output)))]
  },
  Abs: { result: unchanged, gradient: (g, { inputs: [x] }) => [mul(g, sign(x))] },
  Sign: { result: unchanged, gradient: () => [null] },
  Sin: { result: unchanged, gradient: (g, { inputs: [x] }) => [mul(g, cos(x))] },
  Cos: { result: unchanged, gradient: (g, { inputs: [x] }) => [neg(mul(g, sin(x)))] },
  Tanh: { result: unchanged, gradient: (g, { output }) => [mul(g, sub(1, mul(output, output)))] },
  Erf: {
    result: unchanged,
    gradient: (g, { inputs: [x] }) => [mul(mul(g, 2 / Math.sqrt(Math.PI)), exp(neg(mul(x, x))))]
  },
  Sigmoid: {
    result: unchanged,
    gradient: (g, { output }) => [mul(g, mul(output, sub(1, output)))]
  },
  Relu: { result: unchanged, gradient: (g, { inputs: [x] }) => [where(less(0, x), g, 0)] },
  Softplus: { result: unchanged, gradient: (g, { inputs: [x] }) => [mul(g, sigmoid(x))] },
  Gelu: {
    result: unchanged,
    gradient: (g, { inputs: [x], attributes: { approximate } }) => [
      mul(g, approximate === 'none' ? geluSlope(x) : tanhGeluSlope(x))
    ],
    onnx: ({ attributes: { approximate } }) => ({ attributes: { approximate } })
  },
  Cast: {
    result: ([x], { to }) => ({ type: to, shape: x.shape }),
    gradient: (g, { inputs: [x] }) => [cast(g, x.type)],
    onnx: ({ attributes: { to } }) => ({ attributes: { to: dataTypes[to] } })
  },

  Add: { result: broadcast, gradient: (g, { inputs }) => summed(inputs, g, g) },
  Sub: { result: broadcast, gradient: (g, { inputs }) => summed(inputs, g, neg(g)) },
  Mul: {
    result: broadcast,
    gradient: (g, { inputs, inputs: [a, b] }) => summed(inputs, mul(g, b), mul(g, a))
  },
  Div: {
    result: broadcast,
    gradient: (g, { inputs, inputs: [, b], output }) => {
      const share = div(g, b)
      return summed(inputs, share, neg(mul(share, output)))
    }
  },
  Pow: {
    result: broadcast,
    gradient: (g, { inputs, inputs: [a, b], output }) =>
      summed(inputs, mul(g, mul(b, pow(a, sub(b, 1)))), mul(g, mul(output, log(a))))
  },
  // Where both are equal the first takes it all, as the value does in PyTorch's clamp.
  Max: {
    result: broadcast,
    gradient: (g, { inputs, inputs: [a, b] }) =>
      summed(inputs, where(less(a, b), 0, g), where(less(a, b), g, 0))
  },
  Min: {
    result: broadcast,
    gradient: (g, { inputs, inputs: [a, b] }) =>
      summed(inputs, where(less(b, a), 0, g), where(less(b, a), g, 0))
  },

  Affine: {
    result: ([x, ...factors]) => {
      expect(
        factors.every(({ shape }) => shape.length === x.shape.length),
        `expected a scale and an addend of rank ${x.shape.length}`
      )
      return { type: commonType([x, ...factors]), shape: x.shape }
    },
    // None flows to scale and add: which axes to sum over, only their lengths tell when the graph runs. Whoever feeds
    // them has their gradients from those of the result: g · x and g, summed.
    gradient: (g, { inputs: [, scale] }) => [affine(g, scale)],
    onnx: ({ inputs: [x, scale, addend] }, scope) =>
      addend === undefined
        ? { type: 'Mul', inputs: [x, scale] }
        : { type: 'Add', inputs: [scope.node({ type: 'Mul', inputs: [x, scale] }), addend] }
  }
}

function summed([a, b]: Calls['Add']['inputs'], towardsA: Value, towardsB: Value) {
  return [unbroadcast(towardsA, a), unbroadcast(towardsB, b)]
}

/** d/dx x·Φ(x) = Φ(x) + x·φ(x) */
function geluSlope(x: Value): Value {
  const cumulative = mul(add(erf(mul(x, Math.SQRT1_2)), 1), 0.5)
  const density = mul(exp(mul(mul(x, x), -0.5)), 1 / Math.sqrt(2 * Math.PI))
  return add(cumulative, mul(x, density))
}

/** The same of x/2·(1 + tanh(u/2)) = x·σ(u), u = 2·√(2/π)·(x + 0.044715·x³): σ(u)·(1 + (1 − σ(u))·x·u′). */
function tanhGeluSlope(x: Value): Value {
  const rate = 2 * Math.sqrt(2 / Math.PI)
  const cubic = 0.044715 * rate
  const square = mul(x, x)
  const s = sigmoid(mul(x, add(mul(square, cubic), rate)))
  const xTimesSlopeOfU = mul(x, add(mul(square, 3 * cubic), rate))
  return mul(s, add(mul(sub(1, s), xTimesSlopeOfU), 1))
}
