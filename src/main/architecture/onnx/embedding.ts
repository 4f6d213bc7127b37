import { LamellaError } from '#common/model/errors.ts'
import type { NodeProto } from '../../onnx/onnx_pb.js'
import type { Flow } from './flow.ts'

/** Where a graph looks token embeddings up. */
export interface FoundEmbedding {
  /** Place of the node. */
  readonly place: number
  /** W_E's name among the initializers. */
  readonly table: string
  /** Rows and columns: [d_vocab, d_model]. */
  readonly shape: readonly [number, number]
  /** The rows that were looked up, [batch, pos, d_model]; null where the node gives none of them by themselves. */
  readonly value: string | null
}

/** What a table passes through unchanged in value or number of rows. */
const sameTable: ReadonlySet<string> = new Set(['Cast', 'DequantizeLinear', 'Identity'])
/** What ids pass through; some exports multiply them by their mask. */
const sameIds: ReadonlySet<string> = new Set(
  'Cast Clip Flatten Identity Mul Reshape Squeeze Unsqueeze Where'.split(' ')
)
/** Farther than this no ids are carried. */
const stepLimit = 64

/**
 * Finds where rows of a weight are picked by the token ids.
 * @throws LamellaError `unsupported` when nothing picks any
 */
export function findEmbedding(flow: Flow, ids: string, label: string): FoundEmbedding {
  for (const [place, node] of flow.nodes.entries()) {
    const [table, indices] = lookup(node)
    if (table === undefined || indices === undefined) continue
    const name = back(flow, table, sameTable)
    const tensor = flow.initializers.get(name)
    if (tensor?.dims.length === 2 && carries(flow, indices, ids))
      return {
        place,
        table: name,
        shape: [Number(tensor.dims[0]), Number(tensor.dims[1])],
        value: node.opType === 'EmbedLayerNormalization' ? null : node.output[0]!
      }
  }
  throw new LamellaError(
    'unsupported',
    `${label}: its graph does not look tokens up in a table of embeddings`,
    'Its weights can be looked at.'
  )
}

/** Whether a value is that of the ids, passed on by what does not change those that the text has. */
function carries(flow: Flow, value: string, ids: string): boolean {
  const open = [value]
  for (let step = 0; step < stepLimit && step < open.length; step++) {
    if (open[step] === ids) return true
    const node = flow.nodes[flow.producer.get(open[step]!) ?? -1]
    if (node === undefined || !sameIds.has(node.opType)) continue
    // The first input of a choice only chooses, the second of a Reshape only says how long axes are.
    const [from, to] = node.opType === 'Where' ? [1, 3] : [0, node.opType === 'Mul' ? 2 : 1]
    open.push(...node.input.slice(from, to))
  }
  return false
}

/** The table and the indices of a node that picks rows. */
function lookup({ opType, input }: NodeProto): readonly (string | undefined)[] {
  if (opType === 'Gather' || opType === 'GatherBlockQuantized') return [input[0], input[1]]
  return opType === 'EmbedLayerNormalization' ? [input[2], input[0]] : []
}

/** Where a value comes from through some operators, by their first input that is computed. */
export function back(flow: Flow, value: string, through: ReadonlySet<string>): string {
  let from = value
  for (;;) {
    const node = flow.nodes[flow.producer.get(from) ?? -1]
    if (node === undefined || !through.has(node.opType)) return from
    const next = node.opType === 'Where' ? node.input[1] : node.input[0]
    if (next === undefined) return from
    from = next
  }
}
