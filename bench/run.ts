/**
 * Opens and runs a model of GPT-2 small's shape with random weights and prints what it took, as ratios to
 * what the machine could do at that moment: a plain matrix product on the same provider, and where a Python is named
 * that has transformers, the same model there. All are measured in turn, by the clock and by the processor, whose time others on the
 * machine change little. docs/performance.md tells where the time goes.
 *
 *     npm run bench -- [--provider cpu|webgpu] [--python python3 [--threads 2]] [--tokens 16,64,256,1024] [--rounds 9]
 */
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Provider } from '#common/model/provider.ts'
import { idToken } from '#common/model/token.ts'
import { expand, matMul, reduceSum } from '../src/main/graph/expressions.ts'
import { createGraph } from '../src/main/graph/graph.ts'
import { writeOnnx } from '../src/main/graph/onnx.ts'
import { context, inFolder } from './bench-folder.ts'
import { openedModel } from './opened-model.ts'
import { peakMemory, processorTime } from './process-use.ts'
import { createEngine, type Engine } from '../src/main/engine/client.ts'
import { forkEngine } from '../src/main/engine/host.ts'
import { openTraceCache, type TraceCache } from '../src/main/trace/cache.ts'
import { createForward } from '../src/main/workbench/run/forward.ts'
import { runRecord, type RunRecord } from '../src/main/workbench/run/run-record.ts'
import type { RunnableModel } from '../src/main/workbench/model/model.ts'
import { startPytorch } from './pytorch.ts'
import { blockOperations, writeRandomGpt2 } from './random-gpt2.ts'

const traceEntry = join(import.meta.dirname, '../src/main/trace/worker.ts')
const { values } = parseArgs({
  options: {
    provider: { type: 'string', default: 'cpu' },
    python: { type: 'string' },
    threads: { type: 'string' },
    tokens: { type: 'string', default: '16,64,256,1024' },
    rounds: { type: 'string', default: '9' }
  }
})
const provider = Provider.parse(values.provider)
const repetitions = Number(values.rounds)
const lengths = values.tokens.split(',').map(Number)
/** The shares of the product's rate that runs with patterns are to reach. */
const aims = new Map([
  [16, 0.45],
  [64, 0.8],
  [256, 0.88],
  [1024, 0.6]
])
let runCount = 0
let enginePid: number | undefined
/**
 * Nothing is stored for so long once all of a run is, in ms: one value takes less, and so does the rest before the first, which
 * is of a few blocks' length.
 */
const quietAfter = (time: number) => 400 + time / 2

await inFolder(bench)

async function bench(folder: string): Promise<void> {
  const checkpointBytes = await writeRandomGpt2(join(folder, 'model'))

  const opening = await timed(() => openedModel(join(folder, 'model')))
  const model = opening.result as RunnableModel
  const engineHost = forkEngine(join(import.meta.dirname, '../src/main/engine/process.ts'))
  const engine = createEngine({
    spawn(exchange) {
      const process = engineHost.spawn(exchange)
      enginePid = process.pid
      return process
    }
  })
  const cache = openTraceCache({ entry: traceEntry, folder, limitBytes: 2 ** 34 })
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

  const python =
    values.python === undefined ? null : await startPytorch(values.python, values.threads)
  print(
    `\n${row(['tokens', 'residuals', 'of limit', 'with patterns', 'of limit', 'is to be', 'stored after', 'engine peak', 'both peak'])}`
  )
  const beside: string[] = []
  const busy: string[] = []
  for (const tokens of lengths) {
    const runs: Measured[] = []
    // The first time warms up, the product as well as the runs.
    for (let i = -1; i < repetitions; i++) {
      const plainLimit = await productRates(engine)
      const plain = await stored(cache, () => residuals.run(record(model, tokens), context))
      const plainThere = await python?.run(tokens, false)
      // Storing what came leaves the cores idle, and a run after that is slower than one after a product.
      const allLimit = await productRates(engine)
      const all = await stored(cache, () => patterns.run(record(model, tokens), context))
      const allThere = await python?.run(tokens, true)
      const share = ({ time }: Timed, { byClock }: Rates) =>
        blockOperations(tokens) / time / 1e6 / byClock
      const busyShare = ({ busy }: Timed, { byProcessor }: Rates) =>
        blockOperations(tokens) / busy / 1e6 / byProcessor
      if (i >= 0)
        runs.push({
          plain: plain.time,
          all: all.time,
          after: all.after,
          plainShare: share(plain, plainLimit),
          allShare: share(all, allLimit),
          plainBusy: plain.busy,
          allBusy: all.busy,
          plainBusyShare: busyShare(plain, plainLimit),
          allBusyShare: busyShare(all, allLimit),
          plainThere: plainThere ?? NaN,
          allThere: allThere ?? NaN
        })
    }
    const engineBytes = await peakMemory(enginePid)
    const bothBytes = engineBytes + (await peakMemory(process.pid))
    const middle = (of: (run: Measured) => number) => median(runs.map(of))
    print(
      row([
        String(tokens),
        milliseconds(middle(run => run.plain)),
        percent(middle(run => run.plainShare)),
        milliseconds(middle(run => run.all)),
        percent(middle(run => run.allShare)),
        aims.has(tokens) ? percent(aims.get(tokens)!) : '',
        milliseconds(middle(run => run.after)),
        megabytes(engineBytes),
        megabytes(bothBytes)
      ])
    )
    busy.push(
      row([
        String(tokens),
        milliseconds(middle(run => run.plainBusy)),
        percent(middle(run => run.plainBusyShare)),
        milliseconds(middle(run => run.allBusy)),
        percent(middle(run => run.allBusyShare))
      ])
    )
    beside.push(
      row([
        String(tokens),
        milliseconds(middle(run => run.plainThere)),
        middle(run => run.plain / run.plainThere).toFixed(2),
        milliseconds(middle(run => run.allThere)),
        middle(run => run.all / run.allThere).toFixed(2)
      ])
    )
  }
  print(
    `\nMedians of ${repetitions}. Of limit: of the pairwise ratios to a 2048³ product run just before.`
  )
  print('Runs keep every residual in the cache, and have all of it stored so long after their end;')
  print('peaks are of all so far.')
  print('\nThe same by the processor, of both processes')
  print(row(['tokens', 'residuals', 'of limit', 'with patterns', 'of limit']))
  for (const line of busy) print(line)
  if (python !== null) {
    print(`\n${python.version}, in turn with the runs above`)
    print(row(['tokens', 'hidden states', 'ours by it', 'and attentions', 'ours by it']))
    for (const line of beside) print(line)
    python.close()
  }

  await writeRandomGpt2(join(folder, 'half'), 'BF16')
  const half = (await openedModel(join(folder, 'half'))) as RunnableModel
  await residuals.run(record(half, 16), context)
  print('\ntokens   bfloat16, times as long   by the processor')
  for (const tokens of lengths) {
    const ratios: Timed[] = []
    for (let i = -1; i < repetitions; i++) {
      const whole = await stored(cache, () => residuals.run(record(model, tokens), context))
      const other = await stored(cache, () => residuals.run(record(half, tokens), context))
      if (i >= 0) ratios.push({ time: other.time / whole.time, busy: other.busy / whole.busy })
    }
    const [time, busy] = [ratios.map(({ time }) => time), ratios.map(({ busy }) => busy)].map(
      median
    )
    print(
      `${String(tokens).padStart(6)}${time!.toFixed(2).padStart(24)}${busy!.toFixed(2).padStart(19)}`
    )
  }
  print('\nWeights in half precision are cast once: the engine has room for them.')
  model.reader.close()
  half.reader.close()
  engine.close()
  await cache.close()
}

/** One round: runs that keep residuals, and all patterns, too; in ms, and as shares of the product's rate. */
interface Measured {
  readonly plain: number
  readonly all: number
  /** Until all was on the disk. */
  readonly after: number
  readonly plainShare: number
  readonly allShare: number
  /** By the processor. */
  readonly plainBusy: number
  readonly allBusy: number
  readonly plainBusyShare: number
  readonly allBusyShare: number
  /** The same in PyTorch; NaN where there is none. */
  readonly plainThere: number
  readonly allThere: number
}

/** A run of other tokens than any before, so that nothing of it is cached. */
function record(model: RunnableModel, length: number): RunRecord {
  const seed = ++runCount
  const ids = Array.from({ length }, (_, i) => (i * 7919 + seed * 104729) % model.spec.dVocab)
  return runRecord(model, { input: { ids }, edits: [], provider }, ids.map(idToken))
}

/** GFLOP/s of a second, and of a second of one processor. */
interface Rates {
  readonly byClock: number
  readonly byProcessor: number
}

/** Of a plain matrix product on the provider. */
async function productRates(engine: Engine): Promise<Rates> {
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
  const { time, busy } = await timed(run)
  const operations = 2 * size ** 3
  return { byClock: operations / time / 1e6, byProcessor: operations / busy / 1e6 }
}

/** What something takes of the clock, and of the processor in both processes; in ms. */
interface Timed {
  readonly time: number
  readonly busy: number
}

/** What a run takes, and after it what all it computed takes to be on the disk. */
async function stored(
  cache: TraceCache,
  run: () => Promise<unknown>
): Promise<Timed & { after: number }> {
  const { time, busy } = await timed(run)
  const end = performance.now()
  const quiet = quietAfter(time)
  let last = end
  for (let bytes = cache.bytes; performance.now() - last < quiet; await setTimeout(20)) {
    await cache.look()
    if (cache.bytes !== bytes) last = performance.now()
    bytes = cache.bytes
  }
  return { time, busy, after: last - end }
}

async function timed<T>(action: () => Promise<T>): Promise<Timed & { result: T }> {
  const engineBefore = await processorTime(enginePid)
  const before = process.cpuUsage()
  const start = performance.now()
  const result = await action()
  const time = performance.now() - start
  const { user, system } = process.cpuUsage(before)
  const busy = (user + system) / 1000 + (await processorTime(enginePid)) - engineBefore
  return { result, time, busy }
}

function median(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`
}

function row([first, ...others]: string[]): string {
  return [first!.padStart(6), ...others.map(cell => cell.padStart(15))].join('')
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
