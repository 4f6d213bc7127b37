import { expect, it } from 'vitest'
import {
  add,
  cast,
  concat,
  equal,
  exp,
  max,
  min,
  mul,
  neg,
  slice
} from '../../../src/main/graph/expressions.ts'
import { gradient } from '../../../src/main/graph/gradient.ts'
import { createGraph, type Graph, type Value } from '../../../src/main/graph/graph.ts'
import type { Op } from '../../../src/main/graph/ir.ts'
import { ops } from '../../../src/main/graph/ops.ts'
import { evaluate } from './interpreter.ts'

it('adds up what reaches a value by several ways', () => {
  const { graph, x, one } = scalar()
  const [dx] = gradient(graph, add(mul(x, x), mul(x, 3)), one, [x])
  expect(at(graph, dx, 5)).toBe(13)
})

it('differentiates what it wrote', () => {
  const { graph, x, one } = scalar()
  const cube = mul(mul(x, x), x)
  const [first] = gradient(graph, cube, one, [x])
  if (!first) throw new Error('no gradient')
  const [second] = gradient(graph, first, one, [x])
  expect(at(graph, first, 2)).toBe(12)
  expect(at(graph, second, 2)).toBe(12)
})

it('gives zeros where nothing flows', () => {
  const { graph, x, one } = scalar()
  const apart = graph.input('apart', 'float32', [])
  const step = cast(equal(apart, 1), 'float32')
  const gradients = gradient(graph, mul(x, step), one, [x, apart])
  expect(gradients.map(value => at(graph, value, 1))).toEqual([1, 0])
})

it('gives the seed for the value itself', () => {
  const { graph, x, one } = scalar()
  expect(gradient(graph, x, one, [x])).toEqual([one])
})

it('gives all to the first operand of a maximum or a minimum whose operands are equal', () => {
  const { graph, x, one } = scalar()
  const apart = graph.input('apart', 'float32', [])
  for (const of of [max(x, apart), min(x, apart)])
    expect(gradient(graph, of, one, [x, apart]).map(value => at(graph, value, 4))).toEqual([1, 0])
})

it('walks a chain of 20,000 nodes', () => {
  const { graph, x, one } = scalar()
  let chain = x
  for (let i = 0; i < 20_000; i++) chain = neg(chain)
  const [dx] = gradient(graph, chain, one, [x])
  expect(at(graph, dx, 1)).toBe(1)
})

it('writes no gradient on a way that leads to none of the values', () => {
  const { graph, x, one } = scalar()
  const apart = graph.input('apart', 'float32', [])
  const product = mul(exp(apart), x)
  const before = graph.nodes.length
  gradient(graph, product, one, [x])
  const gradientOfExp = graph.nodes.slice(before).filter(node => node.inputs.includes(apart))
  expect(gradientOfExp).toEqual([])
})

it.each<[string, (graph: Graph, x: Value, one: Value) => unknown]>([
  [
    'gradient: seed float32[2] is unlike Neg#0 float32[]',
    (graph, x) => gradient(graph, neg(x), graph.input('seed', 'float32', [2]), [x])
  ],
  [
    'gradient: ids is int64, which has no gradient',
    (graph, x, one) => gradient(graph, x, one, [graph.input('ids', 'int64', ['pos'])])
  ],
  [
    'gradient of Slice#0: no gradient for a slice from 0 to 2 of pos',
    graph => {
      const rows = graph.input('rows', 'float32', ['pos', 2])
      const seed = graph.input('seed', 'float32', [2, 2])
      return gradient(graph, slice(rows, 0, 0, 2), seed, [rows])
    }
  ],
  [
    'gradient of Concat#0: no gradient for a part that is past long',
    graph => {
      const past = graph.input('past', 'float32', ['past'])
      const all = concat([past, graph.input('rows', 'float32', ['pos'])], 0)
      return gradient(graph, all, graph.input('seed', 'float32', ['past+pos']), [past])
    }
  ]
])('%s', (message, differentiate) => {
  const { graph, x, one } = scalar()
  expect(() => differentiate(graph, x, one)).toThrow(message)
})

it('names the op that has no rule', () => {
  const { graph, x, one } = scalar()
  const row = ops.Exp as { gradient?: Op['gradient'] }
  const rule = row.gradient
  const result = exp(x)
  delete row.gradient
  try {
    expect(() => gradient(graph, result, one, [x])).toThrow('gradient: no rule for Exp (Exp#0)')
  } finally {
    if (rule) row.gradient = rule
  }
})

function scalar() {
  const graph = createGraph()
  return { graph, x: graph.input('x', 'float32', []), one: graph.constant(1) }
}

function at(graph: Graph, value: Value | undefined, x: number) {
  if (!value) throw new Error('no gradient')
  const feeds = { x: { shape: [], data: [x] }, apart: { shape: [], data: [x] } }
  return evaluate(graph, feeds, {})(value).data[0]
}
