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
  slice,
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
export function weight(within: Construction, name: string): Value {
  return cast(storedWeight(within, name), 'float32')
}

function storedWeight({ graph, tensors }: Construction, name: string): Value {
  const { dtype, shape } = tensors.get(name)!
  const type = floatTypes[dtype]
  if (type === undefined)
    throw new LamellaError('unsupported', `${name}: cannot compute with ${dtype} weights`)
  return graph.weight(name, type, shape)
}

/** One of several that are stacked in a tensor; the tensor itself where they are not. */
function ownWeight(within: Construction, name: string, stacked: LinearSpec['stacked']): Value {
  if (stacked === null) return weight(within, name)
  const all = storedWeight(within, name)
  const own = slice(all, 0, stacked.index, stacked.index + 1)
  return cast(reshape(own, all.shape.slice(1)), 'float32')
}

/** x · W + b over the last axis of [pos, in]: [pos, out]. */
export function linear(within: Construction, x: Value, spec: LinearSpec): Value {
  const transposeW = spec.stored === 'out,in'
  const w = transposeW ? ownWeight(within, spec.weight, spec.stacked) : matrix(within, spec)
  return gemm(x, w, { transposeW, bias: bias(within, spec) })
}

/** The bias of a linear layer, [out]; null where it has none. */
export function bias(within: Construction, { bias, stacked }: LinearSpec): Value | null {
  return bias === null ? null : flat(ownWeight(within, bias, stacked))
}

export function withoutBias(spec: LinearSpec): LinearSpec {
  return { ...spec, bias: null }
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
  const stored = ownWeight(within, spec.weight, spec.stacked)
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
