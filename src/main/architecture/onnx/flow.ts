import { LamellaError } from '#common/model/errors.ts'
import type {
  GraphProto,
  NodeProto,
  TensorProto,
  TensorProto_DataType as DataType
} from '../../onnx/onnx_pb.js'
import { shown } from './refuse-foreign.ts'

/** A graph's nodes in the order they are computed, and what leads where. */
export interface Flow {
  readonly nodes: readonly NodeProto[]
  readonly initializers: ReadonlyMap<string, TensorProto>
  /** Element types of the inputs. */
  readonly inputTypes: ReadonlyMap<string, DataType>
  /** Place of the node that computes a value. */
  readonly producer: ReadonlyMap<string, number>
  /** Places of the nodes that read a value, ascending. */
  readonly consumers: ReadonlyMap<string, readonly number[]>
  /** What a node reads, also inside its subgraphs. */
  inputs(place: number): readonly string[]
  /** Whether a value is the same whatever the text. */
  isConstant(value: string): boolean
}

/** @throws LamellaError `file-invalid` when a node reads a value that only a later one computes */
export function flowOf(graph: GraphProto, label: string): Flow {
  const nodes = graph.node
  const initializers = new Map(graph.initializer.map(tensor => [tensor.name, tensor]))
  const producer = new Map<string, number>()
  const consumers = new Map<string, number[]>()
  const constants = new Set(initializers.keys())
  nodes.forEach((node, place) => {
    for (const output of node.output) if (output !== '') producer.set(output, place)
  })
  const reads = nodes.map(valuesRead)
  nodes.forEach((node, place) => {
    for (const input of reads[place]!) {
      if ((producer.get(input) ?? -1) >= place)
        throw new LamellaError(
          'file-invalid',
          `${label}: node ${shown(node.name)} reads ${shown(input)} before it is computed`
        )
      const readers = consumers.get(input)
      if (readers === undefined) consumers.set(input, [place])
      else readers.push(place)
    }
    if (reads[place]!.every(input => constants.has(input)))
      for (const output of node.output) constants.add(output)
  })
  return {
    nodes,
    initializers,
    inputTypes: new Map(
      graph.input.flatMap(({ name, type }) =>
        type?.value.case === 'tensorType' ? [[name, type.value.value.elemType]] : []
      )
    ),
    producer,
    consumers,
    inputs: place => reads[place]!,
    isConstant: value => constants.has(value)
  }
}

/** The places of all nodes that some values are computed from, stopping at others. */
export function ancestors(
  flow: Flow,
  values: Iterable<string>,
  stops: ReadonlySet<string> = new Set()
): ReadonlySet<number> {
  const found = new Set<number>()
  const open = [...values].filter(value => !stops.has(value))
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    const place = flow.producer.get(value)
    if (place === undefined || found.has(place)) continue
    found.add(place)
    for (const input of flow.inputs(place)) if (!stops.has(input)) open.push(input)
  }
  return found
}

/** The integer attribute of a node. */
export function intAttribute(node: NodeProto, name: string): number | undefined {
  const found = node.attribute.find(attribute => attribute.name === name)
  return found === undefined ? undefined : Number(found.i)
}

/** Names a node reads; a subgraph reads from outside what it does not compute itself. */
function valuesRead(node: NodeProto): string[] {
  const read = new Set(node.input)
  const graphs = (of: NodeProto) =>
    of.attribute.flatMap(({ g, graphs }) => (g === undefined ? graphs : [g, ...graphs]))
  const open = graphs(node)
  read.delete('')
  if (open.length === 0) return [...read]
  const own = new Set<string>()
  for (let graph = open.pop(); graph !== undefined; graph = open.pop()) {
    for (const { name } of [...graph.initializer, ...graph.input]) own.add(name)
    for (const inner of graph.node) {
      for (const output of inner.output) own.add(output)
      for (const input of inner.input) if (input !== '') read.add(input)
      for (const subgraph of graphs(inner)) open.push(subgraph)
    }
    for (const { name } of graph.output) read.add(name)
  }
  return [...read].filter(name => !own.has(name))
}
