/**
 * Opens and runs a model of GPT-2 small's shape with random weights and prints what it took, as ratios to
 * what the machine could do at that moment: a plain matrix product on the same provider.
 *
 *     npm run bench -- [--provider cpu|webgpu]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Provider } from '#common/model/provider.ts'
import { idToken } from '#common/model/token.ts'
import { expand, matMul, reduceSum } from '../src/main/graph/expressions.ts'
import { createGraph } from '../src/main/graph/graph.ts'
import { writeOnnx } from '../src/main/graph/onnx.ts'
import { openedModel } from './opened-model.ts'
import { createEngine, type Engine } from '../src/main/engine/client.ts'
import { forkEngine } from '../src/main/engine/host.ts'
import { openTraceCache } from '../src/main/trace/cache.ts'
import { createForward } from '../src/main/workbench/run/forward.ts'
import { runRecord, type RunRecord } from '../src/main/workbench/run/run-record.ts'
import type { RunnableModel } from '../src/main/workbench/model/model.ts'
import { blockOperations, writeRandomGpt2 } from './random-gpt2.ts'

const traceEntry = join(import.meta.dirname, '../src/main/trace/worker.ts')
const { values } = parseArgs({ options: { provider: { type: 'string', default: 'cpu' } } })
const provider = Provider.parse(values.provider)
const repetitions = 5
const lengths = [16, 64, 256, 1024]
let runCount = 0

const folder = mkdtempSync(join(tmpdir(), 'lamella-bench-'))
try {
  await bench()
} finally {
  rmSync(folder, { recursive: true })
}

async function bench(): Promise<void> {
  const checkpointBytes = await writeRandomGpt2(join(folder, 'model'))
  const context = { signal: new AbortController().signal, progress: () => undefined }

  const opening = await timed(() => openedModel(join(folder, 'model')))
  const model = opening.result as RunnableModel
  const engineHost = forkEngine(join(import.meta.dirname, '../src/main/engine/process.ts'))
  let enginePid: number | undefined
  const engine = createEngine({
    spawn(exchange) {
      const process = engineHost.spawn(exchange)
      enginePid = process.pid
      return process
    }
  })
  const cache = openTraceCache({ entry: traceEntry, folder, limitBytes: 2 ** 32 })
  const residuals = createForward(engine, cache, 0)
  const patterns = createForward(engine, cache, Infinity)

  const start = await timed(() => engine.providers())
  const first = await timed(() => residuals.run(record(model, 16), context))
  const loaded = await peakMemory(enginePid)
  await residuals.logits(record(model, 16), [15], context)
  const withLogits = await peakMemory(enginePid)
  print(`GPT-2 small's shape, random weights, ${provider}`)
  print(`checkpoint                    ${megabytes(checkpointBytes)}`)
  print(`opening (headers)             ${milliseconds(opening.time)}`)
  print(`engine process started        ${milliseconds(start.time)}`)
  print(`first run, weights loaded     ${milliseconds(first.time)}`)
  print(`opening to first residuals    ${milliseconds(opening.time + start.time + first.time)}`)
  const ratio = (bytes: number) => `(${(bytes / checkpointBytes).toFixed(2)} × checkpoint)`
  print(`engine's peak, blocks loaded  ${megabytes(loaded)} ${ratio(loaded)}`)
  print(`and the unembedding           ${megabytes(withLogits)} ${ratio(withLogits)}`)

  print('\ntokens   residuals   GFLOP/s   of limit   with patterns   engine peak   both peak')
  for (const tokens of lengths) {
    const runs = []
    for (let i = 0; i < repetitions; i++) {
      const limit = await productRate(engine)
      // Warmed up once, as the product was.
      await residuals.run(record(model, tokens), context)
      const plain = await timed(() => residuals.run(record(model, tokens), context))
      const all = await timed(() => patterns.run(record(model, tokens), context))
      const rate = blockOperations(tokens) / plain.time / 1e6
      runs.push({ plain: plain.time, all: all.time, rate, share: rate / limit })
    }
    const engineBytes = await peakMemory(enginePid)
    const bothBytes = engineBytes + (await peakMemory(process.pid))
    print(
      [
        String(tokens).padStart(6),
        milliseconds(median(runs.map(run => run.plain))).padStart(11),
        median(runs.map(run => run.rate))
          .toFixed(1)
          .padStart(9),
        `${(100 * median(runs.map(run => run.share))).toFixed(0)} %`.padStart(10),
        milliseconds(median(runs.map(run => run.all))).padStart(15),
        megabytes(engineBytes).padStart(13),
        megabytes(bothBytes).padStart(11)
      ].join(' ')
    )
  }
  print(
    '\nof limit: median of the pairwise ratios to a 2048 × 2048 × 2048 product run just before.'
  )
  print('Runs keep every residual in the cache; peaks are of all so far.')

  await writeRandomGpt2(join(folder, 'half'), 'BF16')
  const half = (await openedModel(join(folder, 'half'))) as RunnableModel
  await residuals.run(record(half, 16), context)
  print('\ntokens   bfloat16, times as long')
  for (const tokens of lengths) {
    const ratios = []
    for (let i = 0; i < repetitions; i++) {
      const whole = await timed(() => residuals.run(record(model, tokens), context))
      const other = await timed(() => residuals.run(record(half, tokens), context))
      ratios.push(other.time / whole.time)
    }
    print(`${String(tokens).padStart(6)}   ${median(ratios).toFixed(2)}`)
  }
  print('\nWeights in half precision stay so in memory, and are cast as a block runs.')
  model.reader.close()
  half.reader.close()
  engine.close()
  await cache.close()
}

/** A run of other tokens than any before, so that nothing of it is cached. */
function record(model: RunnableModel, length: number): RunRecord {
  const seed = ++runCount
  const ids = Array.from({ length }, (_, i) => (i * 7919 + seed * 104729) % model.spec.dVocab)
  return runRecord(model, { input: { ids }, edits: [], provider }, ids.map(idToken))
}

/** GFLOP/s of a plain matrix product on the provider. */
async function productRate(engine: Engine): Promise<number> {
  const size = 2048
  const source = () => {
    const graph = createGraph()
    const entry = graph.input('entry', 'float32', [1, 1])
    const matrix = expand(entry, [size, size])
    // One number in and out: the product is timed, not the way of its matrices between processes.
    graph.output('sum', reduceSum(matMul(matrix, matrix), [0, 1]))
    const model = writeOnnx(graph).bytes
    return Promise.resolve({ model, weights: [], provider, group: 'product', residentBytes: 0 })
  }
  const entry = { type: 'float32' as const, shape: [1, 1], data: Float32Array.of(0.5) }
  const run = () => engine.run('product', source, { entry }, [{ name: 'sum', type: 'float32' }])
  await run()
  const { time } = await timed(run)
  return (2 * size ** 3) / time / 1e6
}

async function timed<T>(action: () => Promise<T>): Promise<{ result: T; time: number }> {
  const start = performance.now()
  const result = await action()
  return { result, time: performance.now() - start }
}

/** The most memory a process has held, in bytes; where the system does not tell, what it holds now. */
async function peakMemory(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(status) ?? []
  return kilobytes === undefined ? process.memoryUsage.rss() : Number(kilobytes) * 1024
}

function median(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!
}

function milliseconds(time: number): string {
  return `${time.toFixed(time < 100 ? 1 : 0)} ms`
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
