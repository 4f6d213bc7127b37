import { create, toBinary } from '@bufbuild/protobuf'
import type { OnnxModel } from '../../graph/onnx.ts'
import {
  AttributeProto_AttributeType as AttributeType,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProtoSchema,
  TensorProto_DataLocation as DataLocation,
  TensorProto_DataType as DataType,
  ValueInfoProtoSchema,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto
} from '../../onnx/onnx_pb.js'
import { elementTypeOf } from './element-type.ts'
import { ancestors, type Flow } from './flow.ts'
import type { OnnxModelProto } from './parse.ts'

/** A part of a graph to write. */
export interface PartOf {
  /** Hooks, and the values of the graph that they are. */
  readonly outputs: ReadonlyMap<string, string>
  /**
   * A value that the part is given under a name of its own, float32, in place of all it is computed from;
   * `alike` are values before it of the same shape, which a part asks for nothing else.
   */
  readonly given?: {
    readonly name: string
    readonly value: string
    readonly alike: readonly string[]
  }
}

/** What the input of the part from the last residual on is called. */
export const headInput = 'hook_resid_post'

/** What a written part calls the output of a hook, float32 whatever the value was. */
export function outputName(hook: string): string {
  // No value of a graph is called so.
  return `lamella:${hook}`
}

/** A part of a model that a session can run, and the inputs it still reads. */
export interface ExposedPart extends OnnxModel {
  readonly inputs: readonly string[]
}

/**
 * Writes the part of a model that some values need, with these values as its outputs and its weights apart.
 */
export function exposedPart(model: OnnxModelProto, flow: Flow, part: PartOf): ExposedPart {
  const { graph } = model
  const stops = new Set(part.given === undefined ? [] : [part.given.value, ...part.given.alike])
  const needed = ancestors(flow, part.outputs.values(), stops)
  const nodes = [...needed].sort((a, b) => a - b).map(place => flow.nodes[place]!)
  const read = new Set([...needed].flatMap(place => flow.inputs(place)))
  for (const value of part.outputs.values()) read.add(value)
  const initializers = graph.initializer.filter(({ name }) => read.has(name))
  const inputs = graph.input.filter(({ name }) => read.has(name) && !flow.initializers.has(name))
  const weights: { name: string; location: string }[] = []
  const written = initializers.map(tensor => {
    if (!hasItsElementsElsewhere(tensor)) return tensor
    const location = `weight-${weights.length}`
    weights.push({ name: tensor.name, location })
    return externalTensor(tensor, location)
  })
  const bytes = toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: model.irVersion,
      opsetImport: model.opsetImport.filter(({ domain }) => usedDomains.has(domain)),
      producerName: 'Lamella',
      graph: create(GraphProtoSchema, {
        name: graph.name || 'graph',
        initializer: written,
        input: [...inputs, ...(part.given === undefined ? [] : [floatInfo(part.given.name)])],
        node: [
          ...[...stops]
            .filter(value => read.has(value))
            .map(value => cast(part.given!.name, value, elementTypeOf(flow, value))),
          ...nodes,
          ...[...part.outputs].map(([name, value]) => cast(value, outputName(name), DataType.FLOAT))
        ],
        output: [...part.outputs.keys()].map(hook => floatInfo(outputName(hook)))
      })
    })
  )
  return { bytes, weights, inputs: inputs.map(({ name }) => name) }
}

const usedDomains: ReadonlySet<string> = new Set(['', 'ai.onnx', 'com.microsoft'])

/** Whether a tensor's bytes are in another file, or were left out when the structure was read. */
function hasItsElementsElsewhere(tensor: TensorProto): boolean {
  if (Number(tensor.dataLocation) === Number(DataLocation.EXTERNAL)) return true
  const { rawData, floatData, int32Data, int64Data, doubleData, uint64Data } = tensor
  const held = [rawData, floatData, int32Data, int64Data, doubleData, uint64Data]
  return held.every(({ length }) => length === 0) && !tensor.dims.includes(0n)
}

function externalTensor({ name, dataType, dims }: TensorProto, location: string): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dataType,
    dims,
    dataLocation: DataLocation.EXTERNAL,
    externalData: [{ key: 'location', value: location }]
  })
}

function cast(from: string, to: string, type: DataType): NodeProto {
  return create(NodeProtoSchema, {
    name: `lamella:${to}`,
    opType: 'Cast',
    input: [from],
    output: [to],
    attribute: [{ name: 'to', type: AttributeType.INT, i: BigInt(type) }]
  })
}

/** A float32 value whose shape is left open. */
function floatInfo(name: string): ValueInfoProto {
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: 'tensorType', value: { elemType: DataType.FLOAT } } }
  })
}
