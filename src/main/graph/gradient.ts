import { LamellaError } from '#common/model/errors.ts'
import { add, zerosLike } from './expressions.ts'
import type { Graph, Node, Op, Value } from './ir.ts'
import { isFloating, typeText } from './ir.ts'
import { ops } from './ops.ts'
import { sameShape } from './shapes.ts'

/**
 * Gradients of the sum of `of`·`seed` with respect to values of the graph, as further nodes of it: one walk
 * over the nodes that `of` came from, last first, each turning its output's gradient into its inputs'.
 * @param seed of the shape of `of`
 * @returns one of each value's own shape; zeros where `of` does not depend on it
 * @throws LamellaError when an op on the way has no gradient
 */
export function gradient(
  graph: Graph,
  of: Value,
  seed: Value,
  withRespectTo: readonly Value[]
): Value[] {
  if (seed.type !== of.type || !sameShape(seed.shape, of.shape))
    throw invalid(`gradient: seed ${typeText(seed)} is unlike ${of.name} ${typeText(of)}`)
  const whole = withRespectTo.find(value => !isFloating(value.type))
  if (whole) throw invalid(`gradient: ${whole.name} is ${whole.type}, which has no gradient`)

  const forward = [...graph.nodes]
  const moving = dependents(forward, withRespectTo)
  const gradients = new Map<Value, Value>([[of, seed]])
  for (const node of forward.reverse()) {
    const g = gradients.get(node.output)
    if (!g || !moving.has(node.output)) continue
    const towards = vectorJacobianProduct(g, node)
    node.inputs.forEach((input, index) => {
      const part = towards[index]
      if (!part || !moving.has(input)) return
      const sum = gradients.get(input)
      gradients.set(input, sum ? add(sum, part) : part)
    })
  }
  return withRespectTo.map(value => gradients.get(value) ?? zerosLike(value))
}

/** All that would move, by however little, if one of the values did. */
function dependents(nodes: readonly Node[], values: readonly Value[]): ReadonlySet<Value> {
  const moving = new Set(values)
  for (const { inputs, output } of nodes)
    if (isFloating(output.type) && inputs.some(input => moving.has(input))) moving.add(output)
  return moving
}

function vectorJacobianProduct(g: Value, node: Node): readonly (Value | null)[] {
  const op: Op = ops[node.op]
  if (!op.gradient) throw invalid(`gradient: no rule for ${node.op} (${node.output.name})`)
  try {
    return op.gradient(g, node)
  } catch (error) {
    throw invalid(`gradient of ${node.output.name}: ${error instanceof Error ? error.message : ''}`)
  }
}

function invalid(message: string): LamellaError {
  return new LamellaError('invalid-argument', message)
}
