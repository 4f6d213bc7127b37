import { create } from '@bufbuild/protobuf'
import { NodeProtoSchema, type GraphProto, type NodeProto } from '../../onnx/onnx_pb.js'
import { sumOutput } from './stream.ts'

/** Operators that add two values and normalise the sum, and the norm alone. */
const norms: Readonly<Record<string, string>> = {
  SkipLayerNormalization: 'LayerNormalization',
  SkipSimplifiedLayerNormalization: 'SimplifiedLayerNormalization'
}

/**
 * Where norms stand before what reads them, and the sum in them is what goes on, behind the last block nobody reads the sum, and the
 * operator does not give it: it becomes a sum and a norm, in place.
 */
export function splitLastNorm(graph: GraphProto): void {
  const read = new Set(graph.node.flatMap(({ input }) => input.filter(name => name !== '')))
  const isFused = ({ opType }: NodeProto) => Object.hasOwn(norms, opType)
  const givesSum = ({ output }: NodeProto) => read.has(output[sumOutput] ?? '')
  const fused = graph.node.filter(isFused)
  const last = fused.at(-1)
  // In a model whose norms stand behind their sums, none of these is read.
  if (last === undefined || givesSum(last) || !fused.some(givesSum)) return
  graph.node = graph.node.flatMap(node => (node === last ? parts(node) : [node]))
}

function parts(node: NodeProto): NodeProto[] {
  const { name, opType, input, output, attribute } = node
  const sum = output[sumOutput] || `lamella:${name || output[0]!}:sum`
  // The norm without a mean has no shift.
  const gains = opType === 'SkipLayerNormalization' ? 2 : 1
  const [bias = ''] = input.slice(2 + gains)
  const made = (opType: string, inputs: string[], output: string, attributes = attribute) =>
    create(NodeProtoSchema, {
      name: `${name}:${opType}:${output}`,
      opType,
      input: inputs,
      output: [output],
      attribute: attributes
    })
  const plain = bias === '' ? sum : `${sum}:unbiased`
  const epsilon = attribute.filter(({ name }) => name === 'epsilon')
  return [
    made('Add', input.slice(0, 2), plain, []),
    ...(bias === '' ? [] : [made('Add', [plain, bias], sum, [])]),
    made(norms[opType]!, [sum, ...input.slice(2, 2 + gains).filter(Boolean)], output[0]!, epsilon)
  ]
}
