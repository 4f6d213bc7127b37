import type { Activation } from '#common/model/spec.ts'
import {
  add,
  clip,
  div,
  erf,
  gelu,
  max,
  min,
  mul,
  relu,
  sigmoid,
  softmax,
  softplus,
  sub,
  tanh
} from '../../graph/expressions.ts'
import type { Value } from '../../graph/graph.ts'

/**
 * Each activation as a graph. At a kink its slope is PyTorch's: of a maximum or a minimum whose operands are equal
 * the first one's, so operands stand in the order that gives it.
 * @source transformers, `activations.py`
 */
export const activations: Readonly<Record<Activation, (x: Value) => Value>> = {
  gelu: x => gelu(x, 'none'),
  'gelu-tanh': x => gelu(x, 'tanh'),
  'gelu-clipped': x => clip(gelu(x, 'none'), -10, 10),
  'gelu-quick': x => mul(x, sigmoid(mul(x, 1.702))),
  'hard-sigmoid': hardSigmoid,
  'hard-swish': x => mul(x, hardSigmoid(x)),
  // ½ (1 + erf((x − μ) / (σ √2))) with μ = √½ and σ = ½/√π
  laplace: x =>
    mul(add(erf(div(sub(x, Math.SQRT1_2), (0.5 / Math.sqrt(Math.PI)) * Math.SQRT2)), 1), 0.5),
  'leaky-relu': x => max(mul(x, 0.01), x),
  linear: x => x,
  mish: x => mul(x, tanh(softplus(x))),
  relu: relu,
  'relu-squared': x => mul(relu(x), relu(x)),
  relu6: relu6,
  sigmoid: sigmoid,
  silu: x => mul(x, sigmoid(x)),
  softplus: softplus,
  // Elhage et al. 2022, “Softmax Linear Units”
  solu: x => mul(x, softmax(x)),
  tanh: tanh
}

function relu6(x: Value): Value {
  return min(6, relu(x))
}

function hardSigmoid(x: Value): Value {
  return div(relu6(add(x, 3)), 6)
}
