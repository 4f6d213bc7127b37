import { LamellaError } from '#common/model/errors.ts'
import type { Call, Constant, Graph, Node, Op, TensorType, Value } from './ir.ts'
import { typeText } from './ir.ts'
import { ops } from './ops.ts'
import { sameShape } from './shapes.ts'

export type { Dim, ElementType, Graph, Node, Value } from './ir.ts'

/**
 * An empty graph.
 *
 * A graph is a list of nodes, and a node is the use of one op on values that were there before it. What an op
 * is, a row of the table in ops.ts says: the shape of its result, its gradient, and how ONNX writes it. Write
 * graphs with the functions of expressions.ts; differentiate them with gradient.ts; run what onnx.ts makes of them.
 * @example
 *   const graph = createGraph()
 *   const x = graph.input('x', 'float32', ['pos', 768])
 *   const w = graph.weight('h.0.mlp.c_fc.weight', 'float32', [768, 3072])
 *   graph.output('post', gelu(gemm(x, w), 'tanh'))
 */
export function createGraph(): Graph {
  const inputs: Value[] = []
  const weights = new Map<string, Value>()
  const constants: Constant[] = []
  const scalars = new Map<string, Value>()
  const nodes: Node[] = []
  const outputs = new Map<string, Value>()
  const names = new Set<string>()

  const graph: Graph = {
    inputs,
    get weights() {
      return [...weights.values()]
    },
    constants,
    nodes,
    outputs,

    input(name, type, shape) {
      const value = named(name, { type, shape })
      inputs.push(value)
      return value
    },

    weight(name, type, shape) {
      const known = weights.get(name)
      if (known && known.type === type && sameShape(known.shape, shape)) return known
      const value = named(name, { type, shape })
      weights.set(name, value)
      return value
    },

    constant(data, shape, type = 'float32') {
      const list = typeof data === 'number' ? [data] : [...data]
      const dims = shape ?? (typeof data === 'number' ? [] : [list.length])
      const count = dims.reduce((product, dim) => product * dim, 1)
      if (count !== list.length)
        throw invalid(`constant: shape [${dims.join(', ')}] holds ${count}, got ${list.length}`)
      const key = dims.length === 0 ? `${type} ${Object.is(list[0], -0) ? '-0' : list[0]}` : null
      const known = key === null ? undefined : scalars.get(key)
      if (known) return known
      const value = named(`constant#${constants.length}`, { type, shape: dims })
      constants.push({ value, data: list })
      if (key !== null) scalars.set(key, value)
      return value
    },

    apply(op, operands, attributes) {
      const call: Call = { inputs: operands, attributes }
      const name = `${op}#${nodes.length}`
      const output = named(name, result(op, ops[op], call))
      nodes.push({ op, ...call, output })
      return output
    },

    output(name, value) {
      if (value.graph !== graph) throw invalid(`output ${name}: ${value.name} is of another graph`)
      if (names.has(name)) throw invalid(`output ${name}: the name is already taken`)
      names.add(name)
      outputs.set(name, value)
    }
  }

  function named(name: string, { type, shape }: TensorType): Value {
    if (name === '' || names.has(name)) throw invalid(`graph: the name '${name}' is already taken`)
    names.add(name)
    return { graph, name, type, shape }
  }

  function result(name: string, op: Op, { inputs, attributes }: Call): TensorType {
    try {
      if (inputs.some(input => input.graph !== graph)) throw new Error('inputs of another graph')
      return op.result(inputs, attributes)
    } catch (error) {
      const operands = inputs.map(input => `${input.name} ${typeText(input)}`).join(', ')
      throw invalid(
        `${name}(${operands}): ${error instanceof Error ? error.message : String(error)}`
      )
    }
  }

  return graph
}

function invalid(message: string): LamellaError {
  return new LamellaError('invalid-argument', message)
}
