import { LamellaError } from '#common/model/errors.ts'
import { firstLetters } from '#common/text/cut-short.ts'
import type { GraphProto, NodeProto, TensorProto } from '../../onnx/onnx_pb.js'
import type { OnnxModelProto } from './parse.ts'

/** Where operators come from that the runtime has itself. */
const domains: ReadonlySet<string> = new Set(['', 'ai.onnx', 'com.microsoft'])

/**
 * Refuses what would make the runtime load code or open files: operators of other libraries, functions
 * that the model brings, compiled parts, and constants kept in files.
 * @throws LamellaError `unsupported` naming the node
 */
export function refuseForeign({ graph, functions }: OnnxModelProto, label: string): void {
  const refuse = (cause: string) => {
    throw new LamellaError('unsupported', `${label}: ${cause}`, 'Its weights can be looked at.')
  }
  if (functions.length > 0)
    refuse(
      `brings ${functions.length} functions of its own (such as ${shown(functions[0]!.name)}), which are not run`
    )
  for (const { node, inner } of everyNode(graph)) {
    const what = `node ${shown(node.name || node.output[0] || '')} of operator ${shown(node.opType)}`
    if (!domains.has(node.domain))
      refuse(`${what} is of the domain ${shown(node.domain)}; custom operators are not run`)
    if (node.opType === 'EPContext') refuse(`${what} loads compiled code, which is not run`)
    if (inner.some(isExternal))
      refuse(`${what} keeps constants in another file, which is not opened`)
  }
}

/** A name from the file, short, in quotes. */
export function shown(name: string): string {
  return JSON.stringify(name.length > 100 ? `${firstLetters(name, 80)}…` : name)
}

/** Every node with the tensors in its attributes and subgraphs' own, subgraphs' nodes too. */
function* everyNode(graph: GraphProto): Generator<{ node: NodeProto; inner: TensorProto[] }> {
  const stack: GraphProto[] = [graph]
  for (let next = stack.pop(); next !== undefined; next = stack.pop())
    for (const node of next.node) {
      const inner: TensorProto[] = []
      for (const { t, tensors, g, graphs, sparseTensor, sparseTensors } of node.attribute) {
        for (const tensor of [...tensors, ...(t === undefined ? [] : [t])]) inner.push(tensor)
        for (const sparse of [...sparseTensors, ...(sparseTensor ? [sparseTensor] : [])])
          for (const part of [sparse.values, sparse.indices]) if (part) inner.push(part)
        for (const subgraph of [...graphs, ...(g === undefined ? [] : [g])]) {
          stack.push(subgraph)
          for (const tensor of subgraph.initializer) inner.push(tensor)
          for (const { values, indices } of subgraph.sparseInitializer)
            for (const part of [values, indices]) if (part) inner.push(part)
        }
      }
      yield { node, inner }
    }
}

function isExternal({ dataLocation, externalData }: TensorProto): boolean {
  return Number(dataLocation) === 1 || externalData.length > 0
}
