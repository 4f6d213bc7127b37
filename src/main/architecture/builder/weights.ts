import { LamellaError } from '#common/contract/errors.ts'
import type { LinearSpec, NormSpec } from '#common/model/spec.ts'
import type { DType } from '#common/model/tensor.ts'
import { cast, gemm, layerNorm } from '../../graph/expressions.ts'
import type { ElementType, Graph, Value } from '../../graph/graph.ts'
import type { TensorTable } from '../tensor-table.ts'

/** A graph under construction and the tensors its weights come from. */
export interface Construction {
  readonly graph: Graph
  readonly tensors: TensorTable
}

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
  return gemm(x, weight(within, spec.weight), {
    transposeW: spec.stored === 'out,in',
    ...(spec.bias === null ? {} : { bias: weight(within, spec.bias) })
  })
}

/** Layer normalisation over the last axis. */
export function norm(within: Construction, x: Value, spec: NormSpec): Value {
  return layerNorm(x, weight(within, spec.scale), weight(within, spec.shift), spec.epsilon)
}
