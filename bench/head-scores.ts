/**
 * Head scores, and statistics, of all heads of a model of GPT-2 small's shape over a corpus, as a ratio to the forward
 * runs alone. Runs take turns with analyses of the same windows, so that all meet the same machine; meanwhile
 * `engine.status` is asked for again and again, and the longest wait is told. Processor time, where the system tells it,
 * says the same on a machine that others use, too: of all processes, and of the workbench's thread between two of its
 * turns. From these windows a corpus of 2,000 is reckoned; what the statistics draw anew at the end, and hold until then,
 * is measured of as many made-up windows.
 *
 *     npm run bench:analyses -- [--windows 100] [--tokens 256] [--parts 5]
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { serialize } from 'node:v8'
import type { ModelFacts } from '#common/analysis/analysis.ts'
import { generator } from '#common/analysis/generator.ts'
import { headStatistics } from '#common/analysis/head-statistics/head-statistics.ts'
import type { ProcessHost } from '../src/main/process/host.ts'
import { context, inFolder, modelFolder } from './bench-folder.ts'
import { engineHost, startBenchWorkbench } from './bench-workbench.ts'
import { forwardAlone } from './forward-alone.ts'
import { processorTime } from './process-use.ts'

const { values } = parseArgs({
  options: {
    windows: { type: 'string', default: '100' },
    tokens: { type: 'string', default: '256' },
    parts: { type: 'string', default: '5' }
  }
})
const windows = Number(values.windows)
const tokens = Number(values.tokens)
const parts = Number(values.parts)
/** What a corpus is taken to have. */
const manyWindows = 2000
const pids: (number | undefined)[] = []
const host: ProcessHost = {
  spawn(exchange) {
    const engine = engineHost.spawn(exchange)
    pids.push(engine.pid)
    return engine
  }
}
await inFolder(bench)

async function bench(folder: string): Promise<void> {
  const path = await modelFolder(folder)
  const alone = await forwardAlone(path, host)
  const workbench = await startBenchWorkbench(join(folder, 'data'), host)
  const { handlers } = workbench
  const opened = await handlers['models.open']({ path }, context)

  const runAlone = async (ids: number[][]) => {
    for (const window of ids) await alone.forward.run(await alone.record(window), context)
  }
  const analyse = (name: string, ids: number[][]) =>
    handlers['analysis.run'](
      {
        name,
        params: {},
        of: {
          model: { path: opened.path, fingerprint: opened.fingerprint },
          corpus: { inputs: ids.map(window => ({ ids: window })), window: null, stride: null },
          edits: [],
          provider: 'cpu'
        },
        with: null
      },
      context
    )

  print(`GPT-2 small's shape, random weights, ${windows} windows of ${tokens} tokens, cpu`)
  await runAlone(windowsOf(2, 0))
  await analyse('head-scores', windowsOf(2, 2))
  await analyse('head-statistics', windowsOf(2, 2))
  const latency = watchStatus(() => handlers['engine.status']({}, context))
  const ratios: number[] = []
  const totals = {
    alone: 0,
    scores: 0,
    statistics: 0,
    aloneBusy: 0,
    scoresBusy: 0,
    statisticsBusy: 0
  }
  print('\n   forward alone   head scores   ratio    statistics   ratio')
  for (let part = 0; part < parts; part++) {
    const ids = windowsOf(Math.ceil(windows / parts), 4 + part * windows)
    const plain = await timed(() => runAlone(ids))
    const scored = await timed(() => analyse('head-scores', ids))
    const tested = await timed(() => analyse('head-statistics', ids))
    totals.alone += plain.time
    totals.statistics += tested.time
    totals.statisticsBusy += tested.busy
    totals.scores += scored.time
    totals.aloneBusy += plain.busy
    totals.scoresBusy += scored.busy
    ratios.push(scored.time / plain.time)
    print(row(plain.time, scored.time, tested.time))
  }
  print(`\nall${row(totals.alone, totals.scores, totals.statistics).slice(3)}`)
  print('and processor time')
  print(row(totals.aloneBusy, totals.scoresBusy, totals.statisticsBusy))
  print(`median of the ratios                 ${median(ratios).toFixed(2)}`)
  const { wait, work } = latency.stop()
  const inParts = drawnAnew(Math.ceil(windows / parts))
  const many = drawnAnew(manyWindows)
  const reckoned = (alone: number, statistics: number) => {
    const perWindow = (statistics - parts * inParts.busy) / windows
    return ((perWindow + many.busy / manyWindows) / (alone / windows)).toFixed(2)
  }
  const { alone: aloneTime, statistics, aloneBusy, statisticsBusy } = totals
  print(
    `statistics of ${manyWindows} windows            ${reckoned(aloneTime, statistics)}   (at most 1.4 is aimed at)`
  )
  print(`  by processor time                ${reckoned(aloneBusy, statisticsBusy)}`)
  print(`  drawn anew at their end          ${(many.busy / 1000).toFixed(1)} s`)
  const { bytes } = drawnAnew(manyWindows / 2)
  print(
    `  held until then                  ${megabytes(many.bytes)}, of half as many ${megabytes(bytes)}`
  )
  print(`longest wait for engine.status       ${wait.toFixed(0)} ms`)
  print(`longest work of its thread at once   ${work.toFixed(0)} ms`)
  await workbench.close()
  alone.close()
}

/** Ids that no window before had. */
function windowsOf(count: number, seed: number): number[][] {
  return Array.from({ length: count }, (_, w) =>
    Array.from({ length: tokens }, (_, i) => (i * 7919 + (seed + w) * 104729) % 50257)
  )
}

/** Asks again and again, as a window might; tells the longest that an answer took, and that the thread worked. */
function watchStatus(ask: () => Promise<unknown>): { stop(): { wait: number; work: number } } {
  let longest = 0
  let work = 0
  let worked = process.threadCpuUsage()
  let due = performance.now() + 5
  const timer = setInterval(() => {
    // What keeps the timer from firing keeps a message from being read.
    const asked = Math.min(due, performance.now())
    void ask().then(() => (longest = Math.max(longest, performance.now() - asked)))
    due = performance.now() + 5
    const { user, system } = process.threadCpuUsage(worked)
    worked = process.threadCpuUsage()
    work = Math.max(work, (user + system) / 1000)
  }, 5)
  return {
    stop() {
      clearInterval(timer)
      return { wait: longest, work }
    }
  }
}

/** How long it took, and how long processors were busy in all of its processes; in ms. */
async function timed(action: () => Promise<unknown>): Promise<{ time: number; busy: number }> {
  const start = performance.now()
  const before = await busy()
  await action()
  return { time: performance.now() - start, busy: (await busy()) - before }
}

async function busy(): Promise<number> {
  const { user, system } = process.cpuUsage()
  let others = 0
  for (const pid of pids) others += await processorTime(pid)
  return (user + system) / 1000 + others
}

/** What statistics of so many windows take of a processor at their end, in ms, and hold until then, in bytes. */
function drawnAnew(count: number): { busy: number; bytes: number } {
  const [nLayers, nHeads, size] = [12, 12, 4]
  const config = {
    nLayers,
    nHeads,
    nKeyValueHeads: nHeads,
    dModel: 768,
    dHead: 64,
    dVocab: 50257,
    nCtx: 1024
  }
  const model: ModelFacts = {
    ...{
      name: '',
      config,
      scores: null,
      predicts: 'next',
      labels: null,
      ofText: false,
      tensors: [],
      positions: null,
      texts: new Map()
    },
    visibility: Array.from({ length: nLayers }, () => ({ causal: true, reach: null }))
  }
  const accumulator = headStatistics.start(headStatistics.params.parse({}), model, null)
  const next = generator(1)
  const texts = ['a', 'b', '1', 'a']
  for (let window = 0; window < count; window++) {
    accumulator.begin({ ids: Int32Array.of(1, 2, 3, 1), texts, label: '' })
    for (let layer = 0; layer < nLayers; layer++) {
      const data = Float32Array.from({ length: nHeads * size * size }, next)
      const hook = `blocks.${layer}.attn.hook_pattern`
      accumulator.take({ kind: 'hook', hook, shape: [nHeads, size, size], data }, 0)
    }
  }
  const bytes = serialize(accumulator.state()).length
  const before = process.threadCpuUsage()
  accumulator.result()
  const { user, system } = process.threadCpuUsage(before)
  return { busy: (user + system) / 1000, bytes }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}

function row(alone: number, ...others: number[]): string {
  const seconds = (time: number) => `${(time / 1000).toFixed(2)} s`.padStart(14)
  const each = others.map(time => `${seconds(time)}${(time / alone).toFixed(2).padStart(8)}`)
  return `  ${seconds(alone)}${each.join('')}`
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
