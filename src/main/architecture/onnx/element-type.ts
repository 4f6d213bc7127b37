import { TensorProto_DataType as DataType, type NodeProto } from '../../onnx/onnx_pb.js'
import type { Flow } from './flow.ts'

/** The element type of a value, told by what it is computed from; float32 where nothing tells. */
export function elementTypeOf(flow: Flow, value: string): DataType {
  let from: string | undefined = value
  for (let step = 0; from !== undefined && step <= flow.nodes.length; step++) {
    const initializer = flow.initializers.get(from)
    if (initializer !== undefined) return initializer.dataType
    const input = flow.inputTypes.get(from)
    if (input !== undefined) return input
    const node: NodeProto | undefined = flow.nodes[flow.producer.get(from) ?? -1]
    if (node === undefined) break
    const attribute = (name: string) => node.attribute.find(found => found.name === name)
    if (node.opType === 'Cast') return Number(attribute('to')?.i ?? DataType.FLOAT)
    if (node.opType === 'Constant') return attribute('value')?.t?.dataType ?? DataType.FLOAT
    // A quantized weight is told by its scale, a choice by what it chooses from.
    const place = ['Where', 'DequantizeLinear', 'EmbedLayerNormalization'].indexOf(node.opType)
    from = node.input[[1, 1, 2][place] ?? 0]
  }
  return DataType.FLOAT
}
