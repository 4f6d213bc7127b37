import { InferenceSession, Tensor } from 'onnxruntime-node'
import { gradient } from '../../../src/main/graph/gradient.ts'
import type { Dim, ElementType, Graph, Value } from '../../../src/main/graph/ir.ts'
import { type OnnxModel, writeOnnx } from '../../../src/main/graph/onnx.ts'
import { bound, evaluate, type Lengths, type Tensor64 } from './interpreter.ts'

export type Feeds = Readonly<Record<string, Tensor64>>

/** The graph's outputs as ONNX Runtime's CPU provider computes them. */
export async function runOnnx(
  graph: Graph,
  feeds: Feeds,
  model: OnnxModel = writeOnnx(graph)
): Promise<Record<string, Tensor64>> {
  const externalData = model.weights.map(({ name, location }) => ({
    path: location,
    data: new Uint8Array(Float32Array.from(feeds[name]?.data ?? []).buffer)
  }))
  const session = await InferenceSession.create(model.bytes, {
    externalData,
    logSeverityLevel: 3,
    // Graphs are small: more threads would wait for one another.
    intraOpNumThreads: 1
  })
  const results = await session.run(
    Object.fromEntries(graph.inputs.map(input => [input.name, packed(input, feeds[input.name])]))
  )
  await session.release()
  return Object.fromEntries(
    Object.entries(results).map(([name, { dims, data }]) => [
      name,
      { shape: dims, data: Array.from(data as ArrayLike<number | bigint>, Number) }
    ])
  )
}

function packed({ name, type }: Value, tensor: Tensor64 | undefined): Tensor {
  if (!tensor) throw new Error(`nothing to feed ${name}`)
  const { shape, data } = tensor
  if (type === 'float32') return new Tensor('float32', Float32Array.from(data), shape)
  if (type === 'int64') return new Tensor('int64', BigInt64Array.from(data, BigInt), shape)
  if (type === 'bool') return new Tensor('bool', Uint8Array.from(data), shape)
  if (type === 'float64') return new Tensor('float64', Float64Array.from(data), shape)
  throw new Error(`cannot feed ${type}`)
}

/**
 * Gradients of the sum of `of`·seed two ways, in double precision: as the graph's own nodes compute them, and by
 * central differences of `of`, whose error is about step² plus 1e-16 / step.
 */
export function gradientTwice(
  graph: Graph,
  of: Value,
  seed: Value,
  withRespectTo: readonly Value[],
  feeds: Feeds,
  lengths: Lengths
) {
  const loss = (changed: Feeds) => {
    const value = evaluate(forwardOnly, changed, lengths)
    const weights = value(seed).data
    return value(of).data.reduce((sum, element, i) => sum + element * (weights[i] ?? NaN), 0)
  }
  const forwardOnly: Graph = { ...graph, constants: [...graph.constants], nodes: [...graph.nodes] }
  const gradients = gradient(graph, of, seed, withRespectTo)
  const value = evaluate(graph, feeds, lengths)
  const step = 1e-5
  return withRespectTo.map((operand, index) => {
    const tensor = feeds[operand.name]
    const exact = gradients[index]
    if (!tensor || !exact) throw new Error(`nothing to feed ${operand.name}`)
    const moved = (i: number, by: number) =>
      loss({
        ...feeds,
        [operand.name]: { ...tensor, data: tensor.data.with(i, (tensor.data[i] ?? NaN) + by) }
      })
    const differences = tensor.data.map((_, i) => (moved(i, step) - moved(i, -step)) / (2 * step))
    return { operand, gradient: exact, computed: value(exact).data, differences }
  })
}

/** Largest difference, over 1 or the larger magnitude where that is more. */
export function distance(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return Infinity
  return a.reduce((largest, x, i) => {
    const y = b[i] ?? NaN
    const apart = Math.abs(x - y) / Math.max(1, Math.abs(x), Math.abs(y))
    return apart <= largest ? largest : Number.isNaN(apart) ? Infinity : apart
  }, 0)
}

/** Numbers between `low` and `high` that look random and are the same every time. */
export function scattered(
  shape: readonly Dim[],
  lengths: Lengths,
  { seed = 1, low = -1.5, high = 1.5 } = {}
): Tensor64 {
  const dims = bound(shape, lengths)
  const count = dims.reduce((product, dim) => product * dim, 1)
  let state = seed * 7919 + 12345
  const data = Array.from({ length: count }, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return Math.fround(low + ((high - low) * state) / 4294967296)
  })
  return { shape: dims, data }
}

/** What a case feeds: floating numbers in a range, or exact data of another type. */
export interface Operand {
  readonly type: ElementType
  readonly shape: readonly Dim[]
  readonly low?: number
  readonly high?: number
  readonly data?: readonly number[]
  /** No gradient flows to it. */
  readonly fixed?: boolean
}
