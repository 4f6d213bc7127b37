import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import { LamellaError } from '#common/model/errors.ts'
import {
  AttributeProto_AttributeType as AttributeType,
  type AttributeProtoSchema,
  type GraphProtoSchema,
  ModelProtoSchema,
  TensorProto_DataLocation as DataLocation,
  type TensorProtoSchema,
  type ValueInfoProtoSchema
} from '../onnx/onnx_pb.js'
import { byteLength, dataTypes, rawData } from './data-types.ts'
import type { Dim, Graph, Node, OnnxAttribute, OnnxNode, OnnxScope, Op, Value } from './ir.ts'
import type { ElementType, TensorType } from './ir.ts'
import { ops } from './ops.ts'
import { numericCount, termsOf } from './shapes.ts'

type AttributeInit = MessageInitShape<typeof AttributeProtoSchema>
type GraphInit = MessageInitShape<typeof GraphProtoSchema>
type TensorInit = MessageInitShape<typeof TensorProtoSchema> & { readonly name: string }
type ValueInit = MessageInitShape<typeof ValueInfoProtoSchema>

/** A node of ONNX, as it is made here. */
interface NodeInit {
  readonly name: string
  readonly opType: string
  readonly input: string[]
  readonly output: string[]
  readonly attribute: AttributeInit[]
}

/** A weight of an ONNX model. */
export interface OnnxWeight {
  /** The tensor's name in the checkpoint. */
  readonly name: string
  /** The path under which the session is given its bytes; of a weight that is fed, the input's name. */
  readonly location: string
  /** Its shape where it is an input of the model, not a part of it. */
  readonly fed?: readonly number[]
}

/** An ONNX model, and the checkpoint tensors to hand over with it. */
export interface OnnxModel {
  readonly bytes: Uint8Array
  readonly weights: readonly OnnxWeight[]
}

/** 20 is the first to know Gelu; ONNX Runtime's CPU and WebGPU providers have kernels for it. */
const opset = 20n
const irVersion = 9n

/**
 * The graph as an ONNX model: every input, the outputs asked for, and of the rest what these need.
 * @param feedsWeights float32 weights are inputs of the model
 * @throws LamellaError when there is no such output, or a symbolic dimension that no input has
 */
export function writeOnnx(
  graph: Graph,
  outputs: readonly string[] = [...graph.outputs.keys()],
  feedsWeights = false
): OnnxModel {
  const { nodes, tensors, used, leaving } = bodyOf(graph, outputs)
  const isFed = ({ type }: Value) => feedsWeights && type === 'float32'
  const fed = used.filter(isFed)
  const held = locations(used.filter(weight => !isFed(weight)))
  const bytes = modelBytes({
    name: 'lamella',
    node: [...nodes],
    initializer: [...tensors, ...held.map(([weight, location]) => external(weight, location))],
    input: [...graph.inputs, ...fed].map(input => valueInfo(input.name, input)),
    output: leaving.map(([name, value]) => valueInfo(name, value))
  })
  const weights = [
    ...held.map(([{ name }, location]) => ({ name, location })),
    ...fed.map(({ name, shape }) => ({ name, location: name, fed: shape.map(Number) }))
  ]
  return { bytes, weights }
}

/** One of several graphs of which each takes in what the one before gives. */
export interface Link {
  /** What it is called in the model; paths of its weights begin so. */
  readonly name: string
  readonly graph: Graph
  readonly outputs: readonly string[]
  /** What the model calls an input of the graph: those of one name are one. */
  input(name: string): string
}

/**
 * Graphs one after the other as one ONNX model. Outputs are called as `linkedOutput` says. Of several each may be left out: whether it runs
 * says a boolean input of its name. One that does not hands on what comes in; its other outputs are empty.
 * @param entry the input by which each takes in what the one before gives, or what the model is fed
 * @param exit the output that gives it: of the type and shape of the entry
 * @throws LamellaError as `writeOnnx` does
 */
export function writeChain(links: readonly Link[], entry: string, exit: string): OnnxModel {
  const inputs = new Map<string, TensorType>()
  const nodes: NodeInit[] = []
  const initializer: TensorInit[] = []
  const output: ValueInit[] = []
  const weights: OnnxWeight[] = []
  let before: string | null = null
  for (const link of links) {
    const { graph, name } = link
    const entering: string = before ?? link.input(entry)
    const taken = new Map<string, string>([[entry, entering]])
    for (const input of graph.inputs) {
      if (input.name === entry && before !== null) continue
      taken.set(input.name, link.input(input.name))
      inputs.set(link.input(input.name), input)
    }

    const body = bodyOf(graph, link.outputs)
    // Names within a branch are apart from those around it.
    const own = links.length === 1 ? linkedOutput : (link: string, of: string) => `in ${link}.${of}`
    const named = (of: string) => (of === '' ? '' : (taken.get(of) ?? own(name, of)))
    const renamed = (node: NodeInit): NodeInit => ({
      ...node,
      name: named(node.name),
      input: node.input.map(named),
      output: node.output.map(named)
    })
    for (const tensor of body.tensors) initializer.push({ ...tensor, name: named(tensor.name) })
    for (const [weight, location] of locations(body.used)) {
      const path = `${name}.${location}`
      initializer.push({ ...external(weight, path), name: named(weight.name) })
      weights.push({ name: weight.name, location: path })
    }
    if (links.length === 1) nodes.push(...body.nodes.map(renamed))
    else {
      inputs.set(name, { type: 'bool', shape: [] })
      // What is made of weights alone is made once, as the model is loaded: in a branch the runtime would hold both.
      const [once, each] = byWhen(body)
      nodes.push(...once.map(renamed))
      const runs = { name, node: each.map(renamed), output: typesOf(body.leaving, named) }
      nodes.push({
        name,
        opType: 'If',
        input: [name],
        output: body.leaving.map(([output]) => linkedOutput(name, output)),
        attribute: [
          branch('then_branch', runs),
          branch('else_branch', leftOut(name, body.leaving, entering, exit))
        ]
      })
    }
    output.push(...typesOf(body.leaving, of => linkedOutput(name, of)))
    before = linkedOutput(name, exit)
  }
  const input = [...inputs].map(([name, type]) => valueInfo(name, type))
  const bytes = modelBytes({ name: 'lamella', node: nodes, initializer, input, output })
  return { bytes, weights }
}

/** What a chain calls an output of one of its links. */
export function linkedOutput(link: string, output: string): string {
  return `${link}.${output}`
}

/** The nodes that hang on no input, but for those whose values leave, and the others. */
function byWhen({ nodes, tensors, used, leaving }: Body): [NodeInit[], NodeInit[]] {
  const known = new Set(['', ...tensors.map(({ name }) => name), ...used.map(({ name }) => name)])
  const left = new Set(leaving.map(([name]) => name))
  const once = new Set<NodeInit>()
  for (const node of nodes) {
    if (node.output.some(name => left.has(name)) || !node.input.every(name => known.has(name)))
      continue
    once.add(node)
    for (const name of node.output) known.add(name)
  }
  return [[...once], nodes.filter(node => !once.has(node))]
}

/** What a link gives that does not run. */
function leftOut(link: string, outputs: Leaving, entering: string, exit: string): GraphInit {
  const named = (of: string) => `without ${link}.${of}`
  const others = outputs.filter(([output]) => output !== exit)
  return {
    name: named(link),
    node: [{ name: named(exit), opType: 'Identity', input: [entering], output: [named(exit)] }],
    initializer: others.map(([output, { type, shape }]) =>
      tensor(named(output), { type, shape: shape.map(() => 0) }, [])
    ),
    output: typesOf(outputs, named)
  }
}

/** Outputs by their types alone: lengths are others where a link does not run. */
function typesOf(outputs: Leaving, named: (output: string) => string): ValueInit[] {
  return outputs.map(([output, { type }]) => ({
    name: named(output),
    type: { value: { case: 'tensorType', value: { elemType: dataTypes[type] } } }
  }))
}

type Leaving = readonly (readonly [name: string, value: Value])[]

interface Body {
  readonly nodes: readonly NodeInit[]
  /** Those that are known now. */
  readonly tensors: readonly TensorInit[]
  /** The weights. */
  readonly used: readonly Value[]
  readonly leaving: Leaving
}

/** What the outputs asked for need of a graph. */
function bodyOf(graph: Graph, outputs: readonly string[]): Body {
  const leaving = outputs.map(name => [name, outputOf(graph, name)] as const)
  const needed = ancestors(
    graph,
    leaving.map(([, value]) => value)
  )
  const computed = new Set(graph.nodes.map(node => node.output))
  const names = new Map<Value, string>()
  for (const [name, value] of leaving)
    if (computed.has(value) && !names.has(value)) names.set(value, name)

  const writer = createWriter(graph, value => names.get(value) ?? value.name)
  for (const node of graph.nodes) if (needed.has(node.output)) writer.write(node)
  for (const [name, value] of leaving)
    if (names.get(value) !== name) writer.emit({ type: 'Identity', inputs: [value] }, name)

  const constants = graph.constants.filter(({ value }) => needed.has(value))
  return {
    nodes: writer.nodes,
    tensors: [
      ...constants.map(({ value, data }) => tensor(value.name, value, data)),
      ...writer.tensors
    ],
    used: graph.weights.filter(weight => needed.has(weight)),
    leaving
  }
}

/** Turns nodes into ONNX's, with the small tensors they need besides. */
function createWriter(graph: Graph, nameOf: (value: Value) => string) {
  const nodes: NodeInit[] = []
  const tensors: TensorInit[] = []
  const known = new Map<string, string>()

  const scope: OnnxScope = {
    node: node => emit(node, `onnx#${nodes.length}`),
    int: number => once(`int ${number}`, name => integers(name, [], [number])),
    ints: data => once(`ints ${data.join()}`, name => integers(name, [data.length], data)),
    shape: dims =>
      dims.some(dim => typeof dim === 'string')
        ? once(`shape ${dims.join()}`, name =>
            emit({ type: 'Concat', inputs: dims.map(length), attributes: { axis: 0 } }, name)
          )
        : scope.ints(dims.map(Number))
  }

  function write(node: Node): void {
    const op: Op = ops[node.op]
    const written = op.onnx?.(node, scope) ?? {}
    emit({ type: node.op, inputs: node.inputs, ...written }, nameOf(node.output))
  }

  function emit(
    { type, output = 0, inputs = [], attributes = {} }: OnnxNode & { type: string },
    name: string
  ) {
    nodes.push({
      name,
      opType: type,
      input: inputs.map(input => (typeof input === 'string' ? input : nameOf(input))),
      output: [...Array.from({ length: output }, (_, i) => `${name} beside ${i}`), name],
      attribute: Object.entries(attributes).map(([key, value]) => attribute(key, value))
    })
    return name
  }

  function length(dim: Dim): string {
    if (typeof dim === 'number') return scope.ints([dim])
    const input = graph.inputs.find(({ shape }) => shape.includes(dim))
    if (input !== undefined) {
      const start = input.shape.indexOf(dim)
      return once(`length ${dim}`, name =>
        emit({ type: 'Shape', inputs: [input], attributes: { start, end: start + 1 } }, name)
      )
    }
    const { symbols, offset } = termsOf(dim)
    const terms = offset === 0 ? symbols : [...symbols, offset]
    if (terms.length === 1)
      throw new LamellaError('invalid-argument', `graph: no input has dimension ${dim}`)
    return once(`length ${dim}`, name => {
      const each = scope.node({
        type: 'Concat',
        inputs: terms.map(length),
        attributes: { axis: 0 }
      })
      emit({ type: 'ReduceSum', inputs: [each] }, name)
    })
  }

  function integers(name: string, shape: readonly number[], data: readonly number[]): void {
    tensors.push(tensor(name, { type: 'int64', shape }, data))
  }

  function once(key: string, make: (name: string) => void): string {
    const name = known.get(key) ?? `onnx ${key}`
    if (!known.has(key)) make(name)
    known.set(key, name)
    return name
  }

  return { nodes, tensors, write, emit }
}

function outputOf(graph: Graph, name: string): Value {
  const value = graph.outputs.get(name)
  if (!value) throw new LamellaError('invalid-argument', `graph: there is no output ${name}`)
  return value
}

/** The values, and all they are computed from. */
function ancestors(graph: Graph, values: readonly Value[]): ReadonlySet<Value> {
  const needed = new Set(values)
  for (const { inputs, output } of [...graph.nodes].reverse())
    if (needed.has(output)) inputs.forEach(input => needed.add(input))
  return needed
}

/** A path for each weight: its name as far as a path may be called so. */
function locations(weights: readonly Value[]): [Value, string][] {
  const taken = new Set<string>()
  return weights.map(weight => {
    const plain = weight.name.replace(/[^\w.-]/g, '_').replace(/^\.+/, '_')
    const location = taken.has(plain) ? `${plain}#${taken.size}` : plain
    taken.add(location)
    return [weight, location]
  })
}

function modelBytes(graph: GraphInit): Uint8Array {
  const opsetImport = [{ domain: '', version: opset }]
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, { irVersion, opsetImport, producerName: 'Lamella', graph })
  )
}

function tensor(
  name: string,
  { type, shape }: { type: ElementType; shape: readonly Dim[] },
  data: readonly number[]
): TensorInit {
  return { name, dataType: dataTypes[type], dims: shape.map(BigInt), rawData: rawData(type, data) }
}

function external({ name, type, shape }: Value, location: string): TensorInit {
  const entries = { location, offset: 0, length: byteLength(type, numericCount(shape)) }
  return {
    name,
    dataType: dataTypes[type],
    dims: shape.map(BigInt),
    dataLocation: DataLocation.EXTERNAL,
    externalData: Object.entries(entries).map(([key, value]) => ({ key, value: String(value) }))
  }
}

function valueInfo(name: string, { type, shape }: TensorType): ValueInit {
  const dim = shape.map(length => ({
    value:
      typeof length === 'number'
        ? { case: 'dimValue' as const, value: BigInt(length) }
        : { case: 'dimParam' as const, value: length }
  }))
  const tensorType = { elemType: dataTypes[type], shape: { dim } }
  return { name, type: { value: { case: 'tensorType', value: tensorType } } }
}

function branch(name: string, graph: GraphInit): AttributeInit {
  return { name, type: AttributeType.GRAPH, g: graph }
}

function attribute(name: string, value: OnnxAttribute): AttributeInit {
  if (typeof value === 'number') return { name, type: AttributeType.INT, i: BigInt(value) }
  if (typeof value === 'string')
    return { name, type: AttributeType.STRING, s: new TextEncoder().encode(value) }
  if ('float' in value) return { name, type: AttributeType.FLOAT, f: value.float }
  return { name, type: AttributeType.INTS, ints: value.map(BigInt) }
}
