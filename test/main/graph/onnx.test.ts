import { fromBinary } from '@bufbuild/protobuf'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import {
  add,
  cast,
  concat,
  expand,
  gemm,
  mul,
  neg,
  slice
} from '../../../src/main/graph/expressions.ts'
import { createGraph } from '../../../src/main/graph/graph.ts'
import { type Link, writeChain, writeOnnx } from '../../../src/main/graph/onnx.ts'
import { ModelProtoSchema } from '../../../src/main/onnx/onnx_pb.js'
import { runOnnx } from './measure.ts'

const parsed = (bytes: Uint8Array) => fromBinary(ModelProtoSchema, bytes)

it('hands weights over under paths, whatever their names', async () => {
  const names = ['h.0/attn.w', 'h.0_attn.w', '../../etc/passwd', '/root', 'c:\\w', '..', 'wörter']
  const graph = createGraph()
  const x = graph.input('x', 'float32', [1])
  graph.output(
    'y',
    names.map(name => graph.weight(name, 'float32', [1])).reduce((sum, w) => add(sum, w), x)
  )
  const { weights } = writeOnnx(graph)
  expect(weights.map(({ name }) => name)).toEqual(names)
  expect(new Set(weights.map(({ location }) => location)).size).toBe(names.length)
  for (const { location } of weights) expect(location).toMatch(/^[\w-][\w.#-]*$/)

  const fed = Object.fromEntries(names.map((name, i) => [name, { shape: [1], data: [2 ** i] }]))
  const { y } = await runOnnx(graph, { ...fed, x: { shape: [1], data: [0.5] } })
  expect(y?.data).toEqual([127.5])
})

it('writes what the outputs asked for need, and no more', () => {
  const graph = createGraph()
  const x = graph.input('x', 'float32', ['pos', 2])
  const a = gemm(x, graph.weight('a', 'float32', [2, 2]))
  const b = gemm(a, graph.weight('b', 'float32', [2, 2]))
  graph.output('near', neg(a))
  graph.output('far', mul(b, 3))

  const near = writeOnnx(graph, ['near'])
  const written = parsed(near.bytes).graph
  expect(near.weights).toEqual([{ name: 'a', location: 'a' }])
  expect(written?.input.map(({ name }) => name)).toEqual(['x'])
  expect(written?.output.map(({ name }) => name)).toEqual(['near'])
  expect(written?.node.map(({ opType }) => opType)).toEqual(['Gemm', 'Neg'])
  expect(written?.initializer.map(({ name }) => name)).toEqual(['a'])
  expect(writeOnnx(graph).weights.map(({ name }) => name)).toEqual(['a', 'b'])
})

it('takes weights in float32 as inputs where that is asked for', () => {
  const graph = createGraph()
  const x = graph.input('x', 'float32', ['pos', 2])
  const half = cast(graph.weight('half', 'float16', [3, 2]), 'float32')
  graph.output('y', gemm(gemm(x, graph.weight('a', 'float32', [2, 3])), half))
  const { bytes, weights } = writeOnnx(graph, ['y'], true)
  const written = parsed(bytes).graph
  expect(weights).toEqual([
    { name: 'half', location: 'half' },
    { name: 'a', location: 'a', fed: [2, 3] }
  ])
  expect(written?.input.map(({ name }) => name)).toEqual(['x', 'a'])
  expect(written?.initializer.map(({ name }) => name)).toEqual(['half'])
})

it('lets a value leave under two names, and an input, weight or constant under one', async () => {
  const graph = createGraph()
  const x = graph.input('x', 'float32', ['pos'])
  const w = graph.weight('w', 'float32', [2])
  const twice = mul(x, 2)
  graph.output('first', twice)
  graph.output('second', twice)
  graph.output('third', neg(twice))
  graph.output('same', x)
  graph.output('weight', w)
  graph.output('constant', graph.constant([4, 5]))
  const feeds = { x: { shape: [3], data: [1, 2, 3] }, w: { shape: [2], data: [7, 8] } }
  expect(await runOnnx(graph, feeds)).toEqual({
    first: { shape: [3], data: [2, 4, 6] },
    second: { shape: [3], data: [2, 4, 6] },
    third: { shape: [3], data: [-2, -4, -6] },
    same: { shape: [3], data: [1, 2, 3] },
    weight: { shape: [2], data: [7, 8] },
    constant: { shape: [2], data: [4, 5] }
  })
})

it('writes constants of every type arithmetic and indices need', async () => {
  const graph = createGraph()
  const x = graph.input('x', 'float32', [])
  const values = [-1.5, 0, 65504]
  for (const type of ['float16', 'float32', 'float64'] as const)
    graph.output(type, cast(graph.constant(values, [3], type), 'float32'))
  for (const type of ['int32', 'int64', 'bool'] as const)
    graph.output(type, cast(graph.constant([-3, 0, 1], [3], type), 'float32'))
  graph.output('lowest', add(x, graph.constant(-3.4028234663852886e38)))
  const results = await runOnnx(graph, { x: { shape: [], data: [0] } })
  const data = Object.fromEntries(Object.entries(results).map(([name, y]) => [name, y.data]))
  expect(data).toEqual({
    float16: values,
    float32: values,
    float64: values,
    int32: [-3, 0, 1],
    int64: [-3, 0, 1],
    bool: [1, 0, 1],
    lowest: [-3.4028234663852886e38]
  })
  expect(() => {
    const other = createGraph()
    other.output('y', other.constant(1, [], 'uint8'))
    writeOnnx(other)
  }).toThrow('constants of uint8 are not supported')
})

it('reads symbolic lengths off the inputs', async () => {
  const graph = createGraph()
  graph.input('x', 'float32', ['head', 'pos'])
  graph.output('y', expand(graph.constant(1), ['pos', 2, 'head']))
  const { y } = await runOnnx(graph, { x: { shape: [3, 4], data: new Array<number>(12).fill(0) } })
  expect(y?.shape).toEqual([4, 2, 3])
  graph.output('z', expand(graph.constant(1), ['query']))
  expect(() => writeOnnx(graph)).toThrow('graph: no input has dimension query')
})

it('adds up symbolic lengths', async () => {
  const graph = createGraph()
  const past = graph.input('past', 'float32', ['past', 2])
  const x = graph.input('x', 'float32', ['pos', 2])
  const all = concat([past, x, slice(x, 0, 1)], 0)
  expect(all.shape).toEqual(['past+pos+pos-1', 2])
  graph.output('all', all)
  graph.output('ones', expand(graph.constant(1), [...all.shape, 'pos']))
  const rows = (...data: number[]) => ({ shape: [data.length / 2, 2], data })
  const feeds = { past: rows(1, 2), x: rows(3, 4, 5, 6) }
  const found = await runOnnx(graph, feeds)
  expect(found.all).toEqual(rows(1, 2, 3, 4, 5, 6, 5, 6))
  expect(found.ones?.shape).toEqual([4, 2, 2])
  // At first nothing is past.
  expect((await runOnnx(graph, { ...feeds, past: rows() })).all).toEqual(rows(3, 4, 5, 6, 5, 6))
})

it('knows its outputs', () => {
  expect(() => writeOnnx(createGraph(), ['y'])).toThrow('graph: there is no output y')
})

describe('a chain of graphs', () => {
  const link = (i: number): Link => {
    const graph = createGraph()
    const x = graph.input('x', 'float32', ['pos', 2])
    const own = graph.input('own', 'float32', [1])
    const by = graph.weight('w', 'float32', [2, 2])
    const y = add(gemm(x, by), own)
    graph.output('y', y)
    graph.output('half', cast(neg(y), 'float16'))
    const input = (name: string) => (name === 'own' && i > 0 ? 'own of others' : name)
    return { name: `part.${i}`, graph, outputs: ['y', 'half'], input }
  }

  it('hands on what each gives, and what came in where one is left out', async () => {
    const { bytes, weights } = writeChain([0, 1, 2].map(link), 'x', 'y')
    expect(weights).toEqual([0, 1, 2].map(i => ({ name: 'w', location: `part.${i}.w` })))
    const doubled = new Uint8Array(Float32Array.of(2, 0, 0, 2).buffer)
    const session = await InferenceSession.create(bytes, {
      externalData: weights.map(({ location }) => ({ path: location, data: doubled.slice() })),
      logSeverityLevel: 3,
      intraOpNumThreads: 1
    })
    const given = async (...runs: boolean[]) => {
      const flags = runs.map((run, i) => [`part.${i}`, new Tensor('bool', [run], [])] as const)
      const results = await session.run({
        ...Object.fromEntries(flags),
        x: new Tensor('float32', [1, 2], [1, 2]),
        own: new Tensor('float32', [10], [1]),
        'own of others': new Tensor('float32', [100], [1])
      })
      const shapes = [0, 1, 2].map(i => results[`part.${i}.half`]!.dims[0])
      return [shapes, [...(results['part.2.y']!.data as Float32Array)]]
    }
    expect(await given(true, true, true)).toEqual([
      [1, 1, 1],
      [348, 356]
    ])
    expect(await given(false, true, false)).toEqual([
      [0, 1, 0],
      [102, 104]
    ])
    expect(await given(false, false, false)).toEqual([
      [0, 0, 0],
      [1, 2]
    ])
    await session.release()
  })

  it('of one graph has no choice', () => {
    const { graph } = parsed(writeChain([link(0)], 'x', 'y').bytes)
    expect(graph?.input.map(({ name }) => name)).toEqual(['x', 'own'])
    expect(graph?.output.map(({ name }) => name)).toEqual(['part.0.y', 'part.0.half'])
    expect(graph?.node.map(({ opType }) => opType)).not.toContain('If')
  })
})

it('makes what hangs on weights alone once, and not what leaves, of which a link that does not run gives nothing', async () => {
  const link = (i: number): Link => {
    const graph = createGraph()
    const x = graph.input('x', 'float32', ['pos', 2])
    const w = cast(graph.weight('w', 'float16', [2, 2]), 'float32')
    graph.output('y', gemm(x, w))
    graph.output('table', neg(w))
    return { name: `part.${i}`, graph, outputs: ['y', 'table'], input: name => name }
  }
  const { bytes, weights } = writeChain([link(0), link(1)], 'x', 'y')
  const nodes = parsed(bytes).graph!.node.map(({ opType }) => opType)
  expect(nodes).toEqual(['Cast', 'If', 'Cast', 'If'])
  const half = new Uint8Array(Float16Array.of(2, 0, 0, 2).buffer)
  const session = await InferenceSession.create(bytes, {
    externalData: weights.map(({ location }) => ({ path: location, data: half.slice() })),
    logSeverityLevel: 3
  })
  const given = await session.run({
    x: new Tensor('float32', [1, 2], [1, 2]),
    'part.0': new Tensor('bool', [true], []),
    'part.1': new Tensor('bool', [false], [])
  })
  expect(given['part.1.y']!.data).toEqual(Float32Array.of(2, 4))
  expect([given['part.0.table']!.dims, given['part.1.table']!.dims]).toEqual([
    [2, 2],
    [0, 0]
  ])
  await session.release()
})
