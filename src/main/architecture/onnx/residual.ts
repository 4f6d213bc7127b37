import type { FoundAttention } from './attention.ts'
import type { Flow } from './flow.ts'
import { isResidualSum, passedOn, type Stream } from './stream.ts'

/** Values of the residual stream, by name in the graph. */
export interface FoundResiduals {
  /** What enters each block; null where it could not be told. */
  readonly pre: readonly (string | null)[]
  /** Between attention and MLP of each block, after the norm there is behind the sum; null where there is none. */
  readonly mid: readonly (string | null)[]
  /** What leaves the last block. */
  readonly last: string | null
  /** The last block's output after the final norm. */
  readonly finalNorm: string | null
}

/** What gives the same elements, or some of them, in another arrangement. */
const views: ReadonlySet<string> = new Set(
  'Cast Flatten Gather GatherND Identity Reshape Slice Squeeze Transpose Unsqueeze'.split(' ')
)
const projections: ReadonlySet<string> = new Set(
  'DynamicQuantizeMatMul FusedMatMul Gemm MatMul MatMulInteger MatMulIntegerToFloat MatMulNBits'.split(
    ' '
  )
)

/**
 * Tells the residual stream by its shape: everything that an embedding contributes passes through it, so it
 * is where the flow narrows to one value, and each half of a block ends in a sum of the stream and something
 * computed from it. A norm behind every such sum belongs to it.
 */
export function findResiduals(
  flow: Flow,
  stream: Stream,
  attentions: readonly FoundAttention[]
): FoundResiduals {
  const { narrows } = stream
  /** Indices into `narrows`. */
  const sums = narrows.flatMap((place, index) =>
    isResidualSum(flow, stream, place) ? [index] : []
  )
  const valueAt = (index: number) => passedOn(flow, flow.nodes[narrows[index]!]!)
  const opAt = (index: number) => flow.nodes[narrows[index] ?? -1]?.opType
  const opsBehind = (index: number, count: number) =>
    Array.from({ length: count }, (_, step) => opAt(index + 1 + step)).join()

  /** The stream behind the sum of that number in `sums`: the last narrow place before the next sum. */
  function behind(number: number): number {
    const sum = sums[number]!
    const next = sums[number + 1]
    if (next !== undefined) return next - 1
    // Behind the last sum stands what stands behind the others, if anything.
    const before = sums[number - 1]
    const steps = before === undefined ? 0 : sum - 1 - before
    return before !== undefined && opsBehind(sum, steps) === opsBehind(before, steps)
      ? sum + steps
      : sum
  }

  const entries = attentions.map(({ place }) => {
    const after = narrows.findIndex(narrow => narrow >= place)
    return (after === -1 ? narrows.length : after) - 1
  })
  const pre = entries.map((entry, layer) =>
    entry >= 0 && entry !== entries[layer - 1] ? valueAt(entry) : null
  )
  const lastAttention = entries.at(-1)
  const lastSum = sums.length - 1
  const isBehindAttention =
    lastAttention !== undefined && sums.length > 0 && sums[lastSum]! > lastAttention
  const last = isBehindAttention ? behind(lastSum) : null
  const mid = entries.map((entry, layer) => {
    const end = entries[layer + 1] ?? last ?? -1
    const inBlock = sums.flatMap((sum, number) => (sum > entry && sum <= end ? [number] : []))
    return inBlock.length === 2 ? valueAt(behind(inBlock[0]!)) : null
  })
  return {
    pre,
    mid,
    last: last === null ? null : valueAt(last),
    finalNorm: last === null ? null : finalNorm(flow, stream, narrows[last]!)
  }
}

/** What the first projection behind the last block reads, when it is not the block's output itself. */
function finalNorm(flow: Flow, stream: Stream, last: number): string | null {
  const place = flow.nodes.findIndex(
    ({ opType, input }, at) =>
      at > last &&
      stream.has(at) &&
      projections.has(opType) &&
      input.some(name => flow.isConstant(name))
  )
  const read = flow.nodes[place]?.input.find(name => stream.has(flow.producer.get(name) ?? -1))
  for (let value = read; value !== undefined;) {
    const producer = flow.producer.get(value) ?? -1
    const node = flow.nodes[producer]
    if (node === undefined || producer <= last) return null
    if (!views.has(node.opType)) return stream.narrows.includes(producer) ? value : null
    value = node.input[0]
  }
  return null
}
