import { describe, expect, it } from 'vitest'
import { Activation } from '#common/model/spec.ts'
import { activations } from '../../../../src/main/architecture/builder/activation.ts'
import { gradient } from '../../../../src/main/graph/gradient.ts'
import { createGraph } from '../../../../src/main/graph/graph.ts'
import { evaluate } from '../../graph/interpreter.ts'
import { distance, gradientTwice, scattered } from '../../graph/measure.ts'

function built(activation: Activation) {
  const graph = createGraph()
  const x = graph.input('x', 'float32', ['pos'])
  return { graph, x, y: activations[activation](x) }
}

/** The slope at each point, in double precision. */
function slopes(activation: Activation, points: readonly number[]): readonly number[] {
  const { graph, x, y } = built(activation)
  const ones = { shape: [points.length], data: points.map(() => 1) }
  const [slope] = gradient(graph, y, graph.input('seed', 'float32', ['pos']), [x])
  const feeds = { x: { shape: [points.length], data: [...points] }, seed: ones }
  return evaluate(graph, feeds, { pos: points.length })(slope!).data
}

it.each(Activation.options)('%s has the slope that finite differences have', activation => {
  const { graph, x, y } = built(activation)
  const seed = graph.input('seed', 'float32', ['pos'])
  const lengths = { pos: 40 }
  const feeds = {
    x: scattered(['pos'], lengths, { low: -7, high: 8 }),
    seed: scattered(['pos'], lengths, { seed: 2 })
  }
  for (const { computed, differences } of gradientTwice(graph, y, seed, [x], feeds, lengths))
    expect(distance(computed, differences)).toBeLessThan(1e-7)
})

// torch.autograd.grad of transformers' ACT2FN: ReLU, LeakyReLU, ReLU6 and Hardsigmoid are flat, or flatter, at a
// kink; Hardswish follows the outer side; torch.clip passes its bounds.
describe('at a kink the slope is what PyTorch takes', () => {
  it.each<[Activation, readonly (readonly [point: number, slope: number])[]]>([
    ['relu', [[0, 0]]],
    ['relu-squared', [[0, 0]]],
    ['leaky-relu', [[0, 0.01]]],
    [
      'relu6',
      [
        [0, 0],
        [6, 0]
      ]
    ],
    [
      'hard-sigmoid',
      [
        [-3, 0],
        [3, 0]
      ]
    ],
    [
      'hard-swish',
      [
        [-3, 0],
        [3, 1]
      ]
    ],
    ['gelu-clipped', [[10, 1]]]
  ])('of %s', (activation, points) => {
    const expected = points.map(([, slope]) => slope)
    slopes(
      activation,
      points.map(([point]) => point)
    ).forEach((slope, i) => expect(slope).toBeCloseTo(expected[i]!, 9))
  })
})
