import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import {
  ModelProtoSchema,
  NodeProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataLocation as DataLocation,
  ValueInfoProtoSchema,
  type ModelProto
} from '../../src/main/onnx/onnx_pb.js'
import { node, value, type NodeInit } from '../main/architecture/onnx/graphs.ts'

/** The golden GPT-2 as other exports would have it. */

/** Every weight in `model.onnx_data`, end to end. */
export function withExternalData(model: Uint8Array): { model: Uint8Array; data: Uint8Array } {
  const message = fromBinary(ModelProtoSchema, model)
  const parts: Uint8Array[] = []
  let offset = 0
  for (const tensor of message.graph!.initializer) {
    const { length } = tensor.rawData
    const entries = { location: 'model.onnx_data', offset: String(offset), length: String(length) }
    parts.push(tensor.rawData)
    offset += length
    tensor.rawData = new Uint8Array()
    tensor.dataLocation = DataLocation.EXTERNAL
    tensor.externalData = Object.entries(entries).map(([key, value]) =>
      create(StringStringEntryProtoSchema, { key, value })
    )
  }
  return { model: toBinary(ModelProtoSchema, message), data: Buffer.concat(parts) }
}

/** A cache of earlier keys and values before those of the text, in every block. */
export function withCache(model: Uint8Array): Uint8Array {
  return changedNodes(model, message => {
    const graph = message.graph!
    const nodes: NodeInit[] = []
    for (const each of graph.node) {
      const [, layer] = /h\.(\d)\/attn\/MatMul(_1)?$/.exec(each.name) ?? []
      const isValues = each.name.endsWith('_1')
      if (layer !== undefined) {
        const past = `past_key_values.${layer}.${isValues ? 'value' : 'key'}`
        const dims = isValues ? ['past', 12] : [12, 'past']
        graph.input.push(create(ValueInfoProtoSchema, value(past, 1, 'batch', 4, ...dims)))
        nodes.push(
          node('Concat', `${past} ${each.input[1]} -> all:${past}`, {
            attribute: [{ name: 'axis', type: 2, i: isValues ? 2n : 3n }]
          })
        )
        each.input[1] = `all:${past}`
      }
      nodes.push(each)
    }
    return nodes
  })
}

/** A node that asks for a constant of so many elements, whose largest is added to the embeddings. */
export function withConstantOf(model: Uint8Array, elements: bigint): Uint8Array {
  return changedNodes(model, message => {
    const shape = { dims: [1n], dataType: 7, int64Data: [elements] }
    const extra = [
      node('Constant', '-> huge:shape', { attribute: [{ name: 'value', type: 4, t: shape }] }),
      node('ConstantOfShape', 'huge:shape -> huge'),
      node('ReduceMax', 'huge -> huge:max', { attribute: [{ name: 'keepdims', type: 2, i: 0n }] })
    ]
    return message.graph!.node.flatMap(each => {
      if (!each.name.endsWith('/wte/Gather')) return [each]
      const [looked] = each.output
      each.output = ['huge:looked']
      return [each, ...extra, node('Add', `huge:looked huge:max -> ${looked}`)]
    })
  })
}

function changedNodes(model: Uint8Array, change: (message: ModelProto) => NodeInit[]): Uint8Array {
  const message = fromBinary(ModelProtoSchema, model)
  message.graph!.node = change(message).map(each => create(NodeProtoSchema, each))
  return toBinary(ModelProtoSchema, message)
}
