import { create, fromBinary, toBinary, type MessageInitShape } from '@bufbuild/protobuf'
import {
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  ValueInfoProtoSchema,
  TypeProtoSchema,
  type GraphProto,
  type NodeProto,
  type TensorProtoSchema
} from '../../../../src/main/onnx/onnx_pb.js'

export type NodeInit = MessageInitShape<typeof NodeProtoSchema>
type GraphInit = Exclude<MessageInitShape<typeof GraphProtoSchema>, GraphProto>

/** A node by its operator and its values; `a b -> c` is read from left to right. */
export function node(opType: string, values: string, change: NodeInitChange = {}): NodeInit {
  const [input = '', output = ''] = values.split('->')
  const names = (text: string) => text.trim().split(/\s+/).filter(Boolean)
  return {
    opType,
    name: `${opType} ${output.trim()}`,
    input: names(input),
    output: names(output),
    ...change
  }
}
type NodeInitChange = Exclude<NodeInit, NodeProto>

/** A float weight without elements: the reader of the structure has left them out. */
export function weight(
  name: string,
  ...dims: number[]
): MessageInitShape<typeof TensorProtoSchema> {
  return { name, dataType: 1, dims: dims.map(BigInt) }
}

/** An input or output; a dimension of text is open. */
export function value(
  name: string,
  elemType: number,
  ...dims: (number | string)[]
): MessageInitShape<typeof ValueInfoProtoSchema> {
  const dim = dims.map(size =>
    typeof size === 'number'
      ? { value: { case: 'dimValue' as const, value: BigInt(size) } }
      : { value: { case: 'dimParam' as const, value: size } }
  )
  const type = create(TypeProtoSchema, {
    value: { case: 'tensorType', value: { elemType, shape: { dim } } }
  })
  return { name, type }
}

/** One pre-norm block over 8 wide embeddings of 16 tokens, changed in some part. */
export function smallGraph(
  change: Partial<GraphInit> = {},
  attention = softmaxAttention
): GraphInit {
  return {
    name: 'small',
    input: [value('input_ids', 7, 'batch', 'seq')],
    output: [value('logits', 1, 'batch', 'seq', 16)],
    initializer: [
      weight('embed', 16, 8),
      ...['gain1', 'gain2', 'gain3'].map(name => weight(name, 8)),
      ...['q', 'k', 'v', 'o'].map(name => weight(name, 8, 8)),
      weight('in', 8, 32),
      weight('out', 32, 8),
      weight('unembed', 8, 16)
    ],
    node: [
      node('Gather', 'embed input_ids -> x0'),
      node('LayerNormalization', 'x0 gain1 -> n0'),
      ...attention,
      node('MatMul', 'z o -> attn_out'),
      node('Add', 'x0 attn_out -> mid0'),
      node('LayerNormalization', 'mid0 gain2 -> n1'),
      node('MatMul', 'n1 in -> pre'),
      node('Relu', 'pre -> post'),
      node('MatMul', 'post out -> mlp_out'),
      node('Add', 'mid0 mlp_out -> x1'),
      node('LayerNormalization', 'x1 gain3 -> normed'),
      node('MatMul', 'normed unembed -> logits')
    ],
    ...change
  }
}

export const softmaxAttention: readonly NodeInit[] = [
  ...['q', 'k', 'v'].map(name => node('MatMul', `n0 ${name} -> ${name}0`)),
  node('Transpose', 'k0 -> kt', { attribute: [{ name: 'perm', type: 7, ints: [0n, 2n, 1n] }] }),
  node('MatMul', 'q0 kt -> raw'),
  node('Softmax', 'raw -> pattern0'),
  node('MatMul', 'pattern0 v0 -> z')
]

export const fusedAttention: readonly NodeInit[] = [
  ...['q', 'k', 'v'].map(name => node('MatMul', `n0 ${name} -> ${name}0`)),
  node('GroupQueryAttention', 'q0 k0 v0 -> z', { domain: 'com.microsoft' })
]

/** The bytes of a model of a graph. */
export function modelBytes(
  graph: GraphInit,
  change: { functions?: { name: string; domain: string; node: NodeInit[] }[] } = {}
): Uint8Array {
  const message = create(ModelProtoSchema, {
    irVersion: 8n,
    opsetImport: [{ version: 17n }],
    graph,
    ...change
  })
  return toBinary(ModelProtoSchema, message)
}

/**
 * The same model as exports of a graph with a cache and one without in one have it: all nodes in the branch
 * of an If that `use_cache_branch` decides.
 */
export function inBranches(model: Uint8Array): Uint8Array {
  const message = fromBinary(ModelProtoSchema, model)
  const graph = message.graph!
  const branch = (name: string, nodes: readonly NodeInit[]) =>
    create(GraphProtoSchema, { name, node: [...nodes], output: graph.output })
  const choice = node('If', 'use_cache_branch -> logits', {
    attribute: [
      {
        name: 'then_branch',
        type: 5,
        g: branch('with cache', [node('Identity', 'elsewhere -> logits')])
      },
      { name: 'else_branch', type: 5, g: branch('without cache', graph.node) }
    ]
  })
  graph.node = [create(NodeProtoSchema, choice)]
  graph.input.push(create(ValueInfoProtoSchema, value('use_cache_branch', 9, 1)))
  return toBinary(ModelProtoSchema, message)
}
