import type { RawConfig } from '../config-reader.ts'
import type { NodeProto, TensorProto } from '../../onnx/onnx_pb.js'
import type { FoundAttention } from './attention.ts'
import { back, type FoundEmbedding } from './embedding.ts'
import type { Flow } from './flow.ts'

/** The widths of a model that is known by its graph. */
export interface OnnxWidths {
  readonly nLayers: number
  readonly nHeads: number
  readonly nKeyValueHeads: number
  readonly dModel: number
  readonly dHead: number
  readonly dMlp: number
  readonly dVocab: number
  readonly nCtx: number
}

/** What config.json of any family may call each width. */
const spellings = {
  nLayers: ['num_hidden_layers', 'n_layer', 'n_layers', 'num_layers'],
  dModel: ['hidden_size', 'n_embd', 'd_model', 'dim', 'model_dim'],
  nHeads: ['num_attention_heads', 'n_head', 'n_heads', 'num_heads'],
  nKeyValueHeads: ['num_key_value_heads', 'n_head_kv', 'num_kv_heads'],
  dHead: ['head_dim'],
  dMlp: ['intermediate_size', 'n_inner', 'ffn_dim', 'hidden_dim'],
  nCtx: ['max_position_embeddings', 'n_positions', 'n_ctx', 'max_seq_len', 'seq_length']
} as const

/** When nothing states a largest number of tokens. */
const unknownLength = 4096

/**
 * The widths: layers, vocabulary, d_model and heads as the graph has them, the rest from config.json where it says
 * so, else from the graph.
 */
export function widthsOf(
  config: RawConfig,
  flow: Flow,
  embedding: FoundEmbedding,
  attentions: readonly FoundAttention[],
  fixedLength: number | null
): { readonly widths: OnnxWidths; readonly limits: string[] } {
  const limits: string[] = []
  const stated = (key: keyof typeof spellings) => statedWidth(config, spellings[key])
  const [dVocab, tableWidth] = embedding.shape
  const dModel = stated('dModel') ?? tableWidth
  const statedLayers = stated('nLayers')
  const nLayers = attentions.length || (statedLayers ?? 0)
  if (attentions.length > 0 && statedLayers !== null && statedLayers !== nLayers)
    limits.push(
      `config.json states ${statedLayers} layers, the graph has attention in ${nLayers}; the layers shown are those with attention.`
    )
  // What is computed with is so, whatever config.json says.
  const said = attentions[0]?.fused
  const inGraph = said?.heads ?? headsInGraph(flow, attentions[0], dModel)
  const statedHeads = stated('nHeads')
  const nHeads = inGraph ?? statedHeads ?? 1
  const isOther = statedHeads !== null && statedHeads !== nHeads
  if (isOther)
    limits.push(
      `config.json states ${statedHeads} heads, the graph computes with ${nHeads}; what it says of heads is not used.`
    )
  const statedOfHeads = (key: 'nKeyValueHeads' | 'dHead') => (isOther ? null : stated(key))
  const table = positionRows(flow, embedding)
  const nCtx = fixedLength ?? stated('nCtx') ?? table
  if (nCtx === null)
    limits.push(
      `Nothing states how many tokens the model takes; up to ${unknownLength} are accepted.`
    )
  return {
    widths: {
      nLayers,
      nHeads,
      nKeyValueHeads: said?.keyValueHeads ?? statedOfHeads('nKeyValueHeads') ?? nHeads,
      dModel,
      dHead: statedOfHeads('dHead') ?? Math.floor(dModel / nHeads),
      dMlp: stated('dMlp') ?? widestProjection(flow, dModel),
      dVocab,
      nCtx: nCtx ?? unknownLength
    },
    limits
  }
}

function statedWidth(config: RawConfig, names: readonly string[]): number | null {
  for (const name of names) {
    const value = Object.hasOwn(config, name) ? config[name] : undefined
    if (Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= 2 ** 24)
      return Number(value)
  }
  return null
}

/** Heads as the queries are split into them: by a Reshape to [batch, position, head, d_head]. */
function headsInGraph(
  flow: Flow,
  attention: FoundAttention | undefined,
  dModel: number
): number | null {
  if (!attention?.open) return null
  const split = back(
    flow,
    attention.open.queries,
    new Set(['Transpose', 'Mul', 'Div', 'Add', 'Cast'])
  )
  const node = flow.nodes[flow.producer.get(split) ?? -1]
  const shape = node?.opType === 'Reshape' ? integers(flow, node.input[1] ?? '') : null
  if (shape?.length !== 4) return null
  const [, , heads = null, width = null] = shape
  if (heads !== null && heads > 0) return heads
  return width !== null && width > 0 && dModel % width === 0 ? dModel / width : null
}

/** A one-dimensional value as far as it is constant; null for what is computed. */
function integers(flow: Flow, value: string, depth = 0): (number | null)[] | null {
  const initializer = flow.initializers.get(value)
  if (initializer !== undefined) return elements(initializer)
  const node = flow.nodes[flow.producer.get(value) ?? -1]
  // Exports join the parts of a shape in one step.
  if (node?.opType === 'Concat' && depth === 0)
    return node.input.flatMap(input => integers(flow, input, depth + 1) ?? [null])
  const constant = node?.opType === 'Constant' ? valueOf(node) : undefined
  return constant === undefined ? null : elements(constant)
}

function valueOf(node: NodeProto): TensorProto | undefined {
  return node.attribute.find(({ name }) => name === 'value')?.t
}

function elements({ dataType, rawData, int64Data }: TensorProto): number[] | null {
  if (dataType !== 7) return null
  if (int64Data.length > 0) return int64Data.map(Number)
  if (rawData.length === 0 || rawData.length % 8 !== 0) return null
  return Array.from(new BigInt64Array(new Uint8Array(rawData).buffer), Number)
}

/** Rows of the table that positions are looked up in; null when there is none. */
function positionRows(flow: Flow, embedding: FoundEmbedding): number | null {
  for (const { opType, input } of flow.nodes) {
    const place = ['Gather', '', '', 'EmbedLayerNormalization'].indexOf(opType)
    const dims = flow.initializers.get(input[place] ?? '')?.dims
    const isTable = dims?.length === 2 && Number(dims[1]) === embedding.shape[1]
    // Two rows tell the segments of a pair.
    if (isTable && input[place] !== embedding.table && Number(dims[0]) > 2) return Number(dims[0])
  }
  return null
}

/** The most often projected-to width that is not d_model: of the MLP. */
function widestProjection(flow: Flow, dModel: number): number {
  const counts = new Map<number, number>()
  for (const { dims } of flow.initializers.values()) {
    const [rows, columns] = dims.map(Number)
    if (dims.length !== 2 || (rows !== dModel && columns !== dModel) || rows === columns) continue
    // Both ways into an MLP and out of it have its width; fused queries, keys and values come once.
    const width = rows === dModel ? columns! : rows!
    counts.set(width, (counts.get(width) ?? 0) + 1)
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 4 * dModel
}
