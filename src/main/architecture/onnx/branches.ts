import { create } from '@bufbuild/protobuf'
import { NodeProtoSchema, type GraphProto, type NodeProto } from '../../onnx/onnx_pb.js'

/** The input by which exports of two graphs in one choose: with a cache of an earlier text, or without. */
const cacheBranch = 'use_cache_branch'

/** Replaces the choice between a graph with a cache and one without by the one without, in place. */
export function takeBranchWithoutCache(graph: GraphProto): void {
  const isChoice = ({ opType, input }: NodeProto) => opType === 'If' && input[0] === cacheBranch
  if (!graph.node.some(isChoice)) return
  graph.node = graph.node.flatMap(node => {
    const branch = isChoice(node)
      ? node.attribute.find(({ name }) => name === 'else_branch')?.g
      : undefined
    if (branch === undefined) return [node]
    for (const tensor of branch.initializer) graph.initializer.push(tensor)
    const results = branch.output.flatMap(({ name }, index) => {
      const output = node.output[index] ?? ''
      if (output === '' || output === name) return []
      const copy = {
        name: `${node.name} ${index}`,
        opType: 'Identity',
        input: [name],
        output: [output]
      }
      return [create(NodeProtoSchema, copy)]
    })
    return [...branch.node, ...results]
  })
  const isRead = graph.node.some(({ input }) => input.includes(cacheBranch))
  if (!isRead) graph.input = graph.input.filter(({ name }) => name !== cacheBranch)
}
