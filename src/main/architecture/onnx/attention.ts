import type { NodeProto } from '../../onnx/onnx_pb.js'
import type { Flow } from './flow.ts'
import { intAttribute } from './flow.ts'

/** Where attention is computed. */
export interface FoundAttention {
  /** Place of the Softmax, or of the one operator that does it all. */
  readonly place: number
  /** Null where one operator does it all and gives no pattern. */
  readonly open: OpenAttention | null
  /** What that operator says; null where there is none. */
  readonly fused: FusedAttention | null
}

export interface FusedAttention {
  readonly heads: number | null
  readonly keyValueHeads: number | null
  /** Whether it keeps queries from later keys, whatever masks it is given. */
  readonly isCausal: boolean
}

export interface OpenAttention {
  /** Value before the softmax, mask and scale included: [batch, head, query, key]. */
  readonly scores: string
  /** Value after it. */
  readonly pattern: string
  /** Value of the queries that the scores are computed from. */
  readonly queries: string
}

/** Operators that compute attention in one step and give no pattern. */
const fusedOperators: ReadonlySet<string> = new Set([
  'Attention',
  'DecoderMaskedMultiHeadAttention',
  'DecoderMaskedSelfAttention',
  'GroupQueryAttention',
  'LongformerAttention',
  'MultiHeadAttention',
  'PackedAttention',
  'PackedMultiHeadAttention',
  'PagedAttention',
  'QAttention',
  'QOrderedAttention',
  'SparseAttention'
])

const products: ReadonlySet<string> = new Set(['MatMul', 'FusedMatMul', 'Einsum', 'MatMulInteger'])

/** What stands between the product of queries and keys and the softmax: scale, mask, bias, soft cap. */
const before: ReadonlySet<string> = new Set(
  'Add Cast Clip Concat Div DynamicQuantizeLinear Expand Identity Max Min Mul Reshape Squeeze Sub Tanh Transpose Unsqueeze Where'.split(
    ' '
  )
)
/** What stands between the softmax and the product with the values. */
const after: ReadonlySet<string> = new Set(
  'Cast Div Dropout DynamicQuantizeLinear Identity Mul Reshape Slice Squeeze Transpose Unsqueeze Where'.split(
    ' '
  )
)

/** Farther than this no mask or scale stands, and nobody reads a pattern more often. */
const stepLimit = 64
/** No operator in between reads more. */
const mostInputs = 4
/** More than any model has. */
const mostLayers = 4096

/**
 * Every attention in the order they are computed: of the fused operators, and every Softmax over a product of two values computed from the text, whose result multiplies a third: an
 * attention's. A router's or a classifier's multiplies weights.
 */
export function findAttention(flow: Flow): FoundAttention[] {
  const found: FoundAttention[] = []
  flow.nodes.forEach((node, place) => {
    if (found.length === mostLayers) return
    if (fusedOperators.has(node.opType)) found.push({ place, open: null, fused: saidBy(node) })
    const [scores] = node.input
    const [pattern] = node.output
    if (node.opType !== 'Softmax' || scores === undefined || pattern === undefined) return
    const axis = intAttribute(node, 'axis') ?? -1
    if (axis !== -1 && axis !== 3 && axis !== 2) return
    const queries = productBefore(flow, scores)
    if (queries !== null && leadsToProduct(flow, pattern))
      found.push({ place, open: { scores, pattern, queries }, fused: null })
  })
  return found
}

function saidBy(node: NodeProto): FusedAttention {
  const positive = (...names: string[]) =>
    names.map(name => intAttribute(node, name) ?? 0).find(count => count > 0) ?? null
  // ONNX's own operator names what others do otherwise.
  return {
    heads: positive('num_heads', 'q_num_heads'),
    keyValueHeads: positive('kv_num_heads'),
    isCausal: node.opType === 'GroupQueryAttention' || positive('unidirectional', 'is_causal') === 1
  }
}

/** The left side of the product of computed values that a value comes from. */
function productBefore(flow: Flow, value: string): string | null {
  const open = [value]
  for (let step = 0; step < stepLimit && step < open.length; step++) {
    const place = flow.producer.get(open[step]!)
    const node = place === undefined ? undefined : flow.nodes[place]
    if (node === undefined) continue
    if (products.has(node.opType)) {
      const sides = node.input.slice(0, mostInputs).filter(input => !flow.isConstant(input))
      if (sides.length >= 2) return sides[0]!
    } else if (before.has(node.opType))
      for (const input of node.input.slice(0, mostInputs))
        if (!flow.isConstant(input) && !open.includes(input)) open.push(input)
  }
  return null
}

function leadsToProduct(flow: Flow, value: string): boolean {
  const open = [value]
  for (let step = 0; step < stepLimit && step < open.length; step++)
    for (const place of flow.consumers.get(open[step]!)?.slice(0, stepLimit) ?? []) {
      const node = flow.nodes[place]!
      if (products.has(node.opType)) {
        if (node.input.slice(0, mostInputs).every(input => !flow.isConstant(input))) return true
      } else if (after.has(node.opType)) open.push(...node.output.slice(0, 1))
    }
  return false
}
