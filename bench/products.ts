/**
 * What runs could reach at most: the four products with weights of GPT-2 small's twelve blocks, in one session and one call with
 * nothing around them, each time beside the 2,048³ product that `npm run bench` takes shares of.
 *
 *     npm run bench:products -- [--tokens 16,64,256,1024] [--rounds 21]
 */
import { parseArgs } from 'node:util'
import * as ort from 'onnxruntime-node'
import { expand, gemm, matMul, reduceSum } from '../src/main/graph/expressions.ts'
import { createGraph, type Graph } from '../src/main/graph/graph.ts'
import { writeOnnx } from '../src/main/graph/onnx.ts'
import { processorCores } from '../src/main/files/processor-cores.ts'
import { print, range } from './measured.ts'

const { values } = parseArgs({
  options: {
    tokens: { type: 'string', default: '16,64,256,1024' },
    rounds: { type: 'string', default: '21' }
  }
})
const rounds = Number(values.rounds)
const blocks = 12
const size = 2048
/** Queries, keys and values; what heads give; into the neurons, and out of them. */
const shapes = [
  [768, 2304],
  [768, 768],
  [768, 3072],
  [3072, 768]
] as const

/** Milliseconds, and shares of the 2,048³ product's rate. */
interface Measured {
  readonly clock: number
  readonly processor: number
  readonly byClock: number
  readonly byProcessor: number
}

const square = await squareProduct()
print(
  'tokens   ms, clock (least–most)   ms, processor   of the 2,048³ product by clock   by processor'
)
for (const tokens of values.tokens.split(',').map(Number)) {
  const run = await blockProducts(tokens)
  const operations =
    2 * tokens * blocks * shapes.reduce((sum, [rows, columns]) => sum + rows * columns, 0)
  const measured: Measured[] = []
  // The first times warm up.
  for (let i = -2; i < rounds; i++) {
    await square()
    const limit = await timed(square)
    const own = await timed(run)
    const share = (time: number, whole: number) => operations / time / ((2 * size ** 3) / whole)
    if (i < 0) continue
    measured.push({
      ...own,
      byClock: share(own.clock, limit.clock),
      byProcessor: share(own.processor, limit.processor)
    })
  }
  const cells = (['clock', 'processor', 'byClock', 'byProcessor'] as const).map(name =>
    range(measured.map(of => of[name]))
  )
  print([String(tokens).padStart(6), ...cells].join('   '))
}

async function squareProduct(): Promise<() => Promise<unknown>> {
  const graph = createGraph()
  const matrix = expand(graph.input('entry', 'float32', [1, 1]), [size, size])
  graph.output('sum', reduceSum(matMul(matrix, matrix), [0, 1]))
  const session = await sessionOf(graph)
  return () => session.run({ entry: new ort.Tensor('float32', [0.5], [1, 1]) })
}

/** All products of as many rows with random weights, each summed: what it gives is one number. */
async function blockProducts(tokens: number): Promise<() => Promise<unknown>> {
  const graph = createGraph()
  const rows = new Map(
    [768, 3072].map(width => [width, graph.input(`rows ${width}`, 'float32', [tokens, width])])
  )
  for (let block = 0; block < blocks; block++)
    for (const [i, [height, width]] of shapes.entries()) {
      const weight = graph.weight(`weight ${block}.${i}`, 'float32', [height, width])
      graph.output(`sum ${block}.${i}`, reduceSum(gemm(rows.get(height)!, weight), [0, 1]))
    }
  const session = await sessionOf(graph)
  const feeds = Object.fromEntries(
    [...rows].map(([width, { name }]) => [
      name,
      new ort.Tensor('float32', new Float32Array(tokens * width).fill(0.01), [tokens, width])
    ])
  )
  return () => session.run(feeds)
}

/** As the engine makes them. */
function sessionOf(graph: Graph): Promise<ort.InferenceSession> {
  const { bytes, weights } = writeOnnx(graph)
  const shapeOf = new Map(graph.weights.map(({ name, shape }) => [name, shape as number[]]))
  const cores = processorCores()
  return ort.InferenceSession.create(bytes, {
    externalData: weights.map(({ name, location }) => {
      const count = shapeOf.get(name)!.reduce((product, dim) => product * dim, 1)
      const data = Float32Array.from({ length: count }, () => Math.random() - 0.5)
      return { path: location, data: new Uint8Array(data.buffer) }
    }),
    executionProviders: ['cpu'],
    logSeverityLevel: 3,
    ...(cores !== undefined && { intraOpNumThreads: cores }),
    enableCpuMemArena: false,
    extra: { session: { 'intra_op.allow_spinning': '0' } }
  })
}

/** Milliseconds of the clock, and of this process's processor. */
async function timed(
  action: () => Promise<unknown>
): Promise<{ clock: number; processor: number }> {
  const [start, before] = [performance.now(), process.cpuUsage()]
  await action()
  const { user, system } = process.cpuUsage(before)
  return { clock: performance.now() - start, processor: (user + system) / 1000 }
}
