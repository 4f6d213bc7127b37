import { LamellaError } from '#common/model/errors.ts'
import type { LinearSpec, NormSpec } from '#common/model/spec.ts'
import type { DType } from '#common/model/tensor.ts'
import {
  add,
  cast,
  concat,
  gemm,
  layerNorm,
  mul,
  reshape,
  rmsNorm,
  transpose
} from '../../graph/expressions.ts'
import type { ElementType, Value } from '../../graph/graph.ts'
import { numericCount } from '../../graph/shapes.ts'
import type { Construction } from './construction.ts'

const floatTypes: Partial<Record<DType, ElementType>> = {
  F64: 'float64',
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16'
}

/**
 * A checkpoint tensor as float32, in its own shape.
 * @throws LamellaError `unsupported` when it does not hold floating-point numbers
 */
export function weight({ graph, tensors }: Construction, name: string): Value {
  const { dtype, shape } = tensors.get(name)!
  const type = floatTypes[dtype]
  if (type === undefined)
    throw new LamellaError('unsupported', `${name}: cannot compute with ${dtype} weights`)
  const stored = graph.weight(name, type, shape)
  return type === 'float32' ? stored : cast(stored, 'float32')
}

/** x · W + b over the last axis of [pos, in]: [pos, out]. */
export function linear(within: Construction, x: Value, spec: LinearSpec): Value {
  const transposeW = spec.stored === 'out,in'
  const w = transposeW ? weight(within, spec.weight) : matrix(within, spec)
  const bias = spec.bias === null ? null : flat(weight(within, spec.bias))
  return gemm(x, w, { transposeW, bias })
}

/** `linear` of x, once for each matrix, however many parts of the product are read. */
export function productsOf(within: Construction, x: Value): (of: LinearSpec) => Value {
  const known = new Map<LinearSpec, Value>()
  return of => {
    const product = known.get(of) ?? linear(within, x, of)
    known.set(of, product)
    return product
  }
}

/** W of a linear layer, whatever way it is stored: [in, out]. */
export function matrix(within: Construction, spec: LinearSpec): Value {
  const stored = weight(within, spec.weight)
  const [a = 0, b = 0, c = 0] = stored.shape.map(Number)
  switch (spec.stored) {
    case 'out,in':
      return transpose(stored, [1, 0])
    case 'in,out':
      return stored
    case 'head,in,d_head':
      return reshape(transpose(stored, [1, 0, 2]), [b, a * c])
    case 'head,d_head,in':
      return transpose(reshape(stored, [a * b, c]), [1, 0])
    case 'head,d_head,out':
      return reshape(stored, [a * b, c])
    case 'head,out,d_head':
      return reshape(transpose(stored, [0, 2, 1]), [a * c, b])
  }
}

/** A bias as one row, where its heads have an axis of their own. */
function flat(bias: Value): Value {
  return bias.shape.length === 1 ? bias : reshape(bias, [numericCount(bias.shape)])
}

/** Normalisation over the last axis; of [pos, head, d_head] where every head has a scale of its own. */
export function norm(within: Construction, x: Value, spec: NormSpec): Value {
  const width = Number(x.shape.at(-1))
  const ones = () => within.graph.constant(new Array<number>(width).fill(1), [width])
  const shift = spec.shift === null ? null : weight(within, spec.shift)
  const normalized = (scale: Value) =>
    spec.kind === 'layer'
      ? layerNorm(x, scale, shift, spec.epsilon)
      : withShift(rmsNorm(x, scale, spec.epsilon), shift)
  if (spec.scale === null) return normalized(ones())
  if (typeof spec.scale === 'string') {
    const scale = weight(within, spec.scale)
    return normalized(spec.offset === 0 ? scale : add(scale, spec.offset))
  }
  const [first, ...rest] = spec.scale.map(name => weight(within, name))
  return mul(normalized(ones()), reshape(concat([first!, ...rest], 0), [spec.scale.length, width]))
}

function withShift(x: Value, shift: Value | null): Value {
  return shift === null ? x : add(x, shift)
}
