import { expect, it } from 'vitest'
import {
  add,
  clip,
  concat,
  expand,
  gather,
  gelu,
  gemm,
  layerNorm,
  lessOrEqual,
  matMul,
  mul,
  neg,
  range,
  reduceMean,
  reshape,
  rmsNorm,
  slice,
  softmax,
  sub,
  tanh,
  transpose,
  where
} from '../../../src/main/graph/expressions.ts'
import { createGraph, type Graph, type Value } from '../../../src/main/graph/graph.ts'
import { distance, gradientTwice, runOnnx, scattered } from './measure.ts'

const lengths = { pos: 5 }
const lowest = -3.4028234663852886e38

it.each([
  ['attention and MLP, [in, out] weights', preNormBlock],
  ['grouped heads, rotated, [out, in] weights', groupedRotaryBlock],
  ['token rows, clipped mean', embedding]
])('differentiates %s as finite differences do', async (_, build) => {
  const graph = createGraph()
  const output = build(graph)
  const seed = graph.input('seed', 'float32', output.shape)
  const moving = [...graph.inputs, ...graph.weights].filter(
    value => value !== seed && value.type === 'float32'
  )
  const feeds = {
    ids: { shape: [5], data: [3, 0, 3, 6, 1] },
    ...Object.fromEntries(
      [...moving, seed].map((value, i) => [
        value.name,
        scattered(value.shape, lengths, { seed: i, low: -0.8, high: 0.8 })
      ])
    )
  }
  const checks = gradientTwice(graph, output, seed, moving, feeds, lengths)
  for (const { operand, gradient, computed, differences } of checks) {
    expect(Math.max(...computed.map(Math.abs)), operand.name).toBeGreaterThan(1e-3)
    expect(distance(computed, differences), operand.name).toBeLessThan(1e-7)
    graph.output(`d ${operand.name}`, gradient)
  }
  const results = await runOnnx(graph, feeds)
  for (const { operand, computed } of checks)
    expect(distance(results[`d ${operand.name}`]?.data ?? [], computed)).toBeLessThan(1e-5)
})

/** A GPT-2 block of 2 heads over [pos, 4]: fused query, key and value. */
function preNormBlock(graph: Graph): Value {
  const w = (name: string, ...shape: number[]) => graph.weight(name, 'float32', shape)
  const x = graph.input('x', 'float32', ['pos', 4])
  const normalized = layerNorm(x, w('ln1.w', 4), w('ln1.b', 4), 1e-5)
  const fused = gemm(normalized, w('qkv.w', 4, 12), { bias: w('qkv.b', 12) })
  const heads = [0, 4, 8].map(start =>
    transpose(reshape(slice(fused, 1, start, start + 4), ['pos', 2, 2]), [1, 0, 2])
  )
  const [q, k, v] = heads as [Value, Value, Value]
  const z = matMul(pattern(q, k), v)
  const joined = reshape(transpose(z, [1, 0, 2]), ['pos', 4])
  const mid = add(x, gemm(joined, w('o.w', 4, 4), { bias: w('o.b', 4) }))
  const inner = layerNorm(mid, w('ln2.w', 4), null, 1e-5)
  const post = gelu(gemm(inner, w('in.w', 4, 8), { bias: w('in.b', 8) }), 'tanh')
  return add(mid, gemm(post, w('out.w', 8, 4)))
}

/** 4 query heads share 2 of keys and values, through a broadcast axis; a soft cap on the scores. */
function groupedRotaryBlock(graph: Graph): Value {
  const w = (name: string, ...shape: number[]) => graph.weight(name, 'float32', shape)
  const x = graph.input('x', 'float32', ['pos', 4])
  const normalized = rmsNorm(x, w('ln.w', 4), 1e-6)
  const project = (name: string, groups: number) => {
    const flat = gemm(normalized, w(name, groups * 4, 4), { transposeW: true })
    return transpose(reshape(flat, ['pos', 2, groups, 2]), [1, 2, 0, 3])
  }
  const q = rotated(project('q.w', 2))
  const k = rotated(reshape(project('k.w', 1), [2, 1, 'pos', 2]))
  const v = reshape(project('v.w', 1), [2, 1, 'pos', 2])
  const z = matMul(pattern(q, expand(k, [2, 2, 'pos', 2]), 2), v)
  const joined = reshape(transpose(z, [2, 0, 1, 3]), ['pos', 8])
  return add(x, gemm(joined, w('o.w', 4, 8), { transposeW: true }))
}

function embedding(graph: Graph): Value {
  const ids = graph.input('ids', 'int64', ['pos'])
  const rows = gather(graph.weight('wte', 'float32', [7, 3]), ids)
  const places = gather(graph.weight('wpe', 'float32', [6, 3]), range(ids, 0))
  const sum = clip(add(rows, places), -0.9, 0.9)
  return sub(sum, reduceMean(sum, [0], true))
}

function pattern(q: Value, k: Value, cap?: number): Value {
  const axes = k.shape.map((_, axis) => axis)
  const last = axes.length - 1
  const scores = mul(matMul(q, transpose(k, [...axes.slice(0, -2), last, last - 1])), Math.SQRT1_2)
  const capped = cap === undefined ? scores : mul(tanh(mul(scores, 1 / cap)), cap)
  const positions = range(q, last - 1)
  const causal = lessOrEqual(reshape(positions, [1, 'pos']), reshape(positions, ['pos', 1]))
  return softmax(where(causal, capped, lowest))
}

/** The two halves of the last axis, turned by a quarter. */
function rotated(x: Value): Value {
  return concat([neg(slice(x, -1, 1)), slice(x, -1, 0, 1)], -1)
}
