import { describe, expect, it } from 'vitest'
import {
  add,
  and,
  concat,
  expand,
  gather,
  gemm,
  layerNorm,
  matMul,
  mul,
  reduceSum,
  reshape,
  scatterAdd,
  slice,
  transpose,
  where
} from '../../../src/main/graph/expressions.ts'
import { createGraph, type Dim, type Graph, type Value } from '../../../src/main/graph/graph.ts'
import type { ElementType } from '../../../src/main/graph/ir.ts'

it('lists what it was given in order', () => {
  const graph = createGraph()
  const x = graph.input('x', 'float32', ['pos', 4])
  const w = graph.weight('w', 'float32', [4, 2])
  const product = gemm(x, w)
  graph.output('y', add(product, 1))
  expect(graph.inputs).toEqual([x])
  expect(graph.weights).toEqual([w])
  expect(graph.nodes.map(node => node.op)).toEqual(['Gemm', 'Add'])
  expect(graph.outputs.get('y')?.shape).toEqual(['pos', 2])
})

it('gives one value for a weight asked for twice, and for a number', () => {
  const graph = createGraph()
  expect(graph.weight('wte', 'float16', [7, 4])).toBe(graph.weight('wte', 'float16', [7, 4]))
  expect(graph.constant(2)).toBe(graph.constant(2))
  expect(graph.constant(0)).not.toBe(graph.constant(-0))
  expect(graph.constant(2)).not.toBe(graph.constant(2, [], 'int64'))
})

describe('symbolic dimensions', () => {
  it.each<[Dim, (x: Value) => Value]>([
    ['pos-1', x => slice(x, 0, 1)],
    ['pos-1', x => slice(x, 0, 0, -1)],
    ['pos', x => concat([slice(x, 0, 0, 1), slice(x, 0, 1)], 0)],
    ['pos+2', x => concat([x, slice(x, 0, -2)], 0)],
    ['past+pos', x => concat([x, x.graph.input('before', 'float32', ['past', 4])], 0)],
    ['past+pos', x => concat([x.graph.input('before', 'float32', ['past', 4]), x], 0)],
    [1, x => slice(x, 0, -1)]
  ])('the first axis becomes %s', (dim, change) => {
    const x = createGraph().input('x', 'float32', ['pos', 4])
    expect(change(x).shape).toEqual([dim, 4])
  })
})

describe('what does not fit', () => {
  it.each<[string, (t: Tensors) => unknown]>([
    [
      'Add(a float32[pos, 4], b float32[3, 4]): dimensions pos and 3 do not broadcast',
      t => add(t('a', 'pos', 4), t('b', 3, 4))
    ],
    [
      'Mul(a float32[pos], i int64[pos]): expected operands of one element type',
      t => mul(t('a', 'pos'), t('i:int64', 'pos'))
    ],
    ['And(a float32[2], b bool[2]): expected bool operands', t => and(t('a', 2), t('b:bool', 2))],
    [
      'Where(a float32[2], b float32[2], constant#0 float32[]): expected a bool condition, got float32',
      t => where(t('a', 2), t('b', 2), 0)
    ],
    [
      'MatMul(a float32[pos, 4], b float32[5, 2]): inner dimensions 4 and 5 differ',
      t => matMul(t('a', 'pos', 4), t('b', 5, 2))
    ],
    [
      'MatMul(a float32[4], b float32[4, 2]): expected operands of rank 2 or more',
      t => matMul(t('a', 4), t('b', 4, 2))
    ],
    [
      'Gemm(x float32[pos, 4], w float32[4, 2]): inner dimensions 4 and 2 differ',
      t => gemm(t('x', 'pos', 4), t('w', 4, 2), { transposeW: true })
    ],
    [
      'Gemm(x float32[pos, 4], w float32[4, 2], b float32[3]): dimensions 3 and 2 do not broadcast',
      t => gemm(t('x', 'pos', 4), t('w', 4, 2), { bias: t('b', 3) })
    ],
    [
      'Gemm(x float32[1, 4], w float32[4, 2], b float32[pos, 2]): the bias does not broadcast to [1, 2]',
      t => gemm(t('x', 1, 4), t('w', 4, 2), { bias: t('b', 'pos', 2) })
    ],
    [
      'LayerNormalization(x float32[pos, 4], s float32[5]): expected parameters of shape [4]',
      t => layerNorm(t('x', 'pos', 4), t('s', 5), null, 1e-5)
    ],
    [
      'Reshape(x float32[pos, 4]): cannot hold the same elements as [pos, 3]',
      t => reshape(t('x', 'pos', 4), ['pos', 3])
    ],
    [
      'Reshape(x float32[pos, 4]): cannot hold the same elements as [query, 4]',
      t => reshape(t('x', 'pos', 4), ['query', 4])
    ],
    [
      'Transpose(x float32[pos, 4]): [0, 0] is no order of its axes',
      t => transpose(t('x', 'pos', 4), [0, 0])
    ],
    ['Expand(x float32[pos, 4]): does not broadcast to [4]', t => expand(t('x', 'pos', 4), [4])],
    [
      'Concat(a float32[pos, 4], b float32[pos, 3]): expected shapes that differ in axis 0 only',
      t => concat([t('a', 'pos', 4), t('b', 'pos', 3)], 0)
    ],
    ['Slice(x float32[4]): 2 to 5 is outside 4', t => slice(t('x', 4), 0, 2, 5)],
    [
      'Slice(x float32[pos]): the length of -2 to 3 of pos is unknown',
      t => slice(t('x', 'pos'), 0, -2, 3)
    ],
    ['ReduceSum(x float32[4]): no axis 1', t => reduceSum(t('x', 4), [1])],
    ['ReduceSum(x float32[4]): expected at least one axis', t => reduceSum(t('x', 4), [])],
    [
      'Gather(x float32[7, 4], i float32[pos]): expected integer indices, got float32',
      t => gather(t('x', 7, 4), t('i', 'pos'))
    ],
    [
      'expected updates of shape [pos, 4], got [pos, 3]',
      t => scatterAdd(t('x', 7, 4), t('i:int64', 'pos'), t('u', 'pos', 3))
    ],
    [
      'Add(x float32[4], y float32[4]): inputs of another graph',
      t => add(t('x', 4), createGraph().input('y', 'float32', [4]))
    ],
    ["graph: the name 'x' is already taken", t => [t('x', 4), t('x', 4)]],
    ['constant: shape [2, 2] holds 4, got 3', t => t('x').graph.constant([1, 2, 3], [2, 2])],
    ['output x: the name is already taken', t => t('x').graph.output('x', t('y'))]
  ])('%s', (message, apply) => {
    expect(() => apply(tensors(createGraph()))).toThrow(message)
  })
})

type Tensors = (name: string, ...shape: Dim[]) => Value

/** Inputs by name, float32 unless the name says `:type`. */
function tensors(graph: Graph): Tensors {
  return (name, ...shape) => {
    const [plain = name, type = 'float32'] = name.split(':')
    return graph.input(plain, type as ElementType, shape)
  }
}
