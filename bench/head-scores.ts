/**
 * Head scores of all heads of a model of GPT-2 small's shape over a corpus, as a ratio to the forward runs alone. Runs
 * take turns with analyses of the same windows, so that both meet the same machine; meanwhile `engine.status` is asked
 * for again and again, and the longest wait is told. Processor time, where the system tells it, says the same on a
 * machine that others use, too: of all processes, and of the workbench's thread between two of its turns.
 *
 *     npm run bench:analyses -- [--windows 100] [--tokens 256] [--parts 5]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createEngine } from '../src/main/engine/client.ts'
import type { ProcessHost } from '../src/main/process/host.ts'
import type { TraceCache } from '../src/main/trace/cache.ts'
import { createForward } from '../src/main/workbench/run/forward.ts'
import type { RunnableModel } from '../src/main/workbench/model/model.ts'
import { tokensOfIds } from '../src/main/workbench/model/tokenize.ts'
import { runRecord } from '../src/main/workbench/run/run-record.ts'
import { engineHost, startBenchWorkbench } from './bench-workbench.ts'
import { openedModel } from './opened-model.ts'
import { writeRandomGpt2 } from './random-gpt2.ts'

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

const context = { client: 'bench', signal: new AbortController().signal, progress: () => undefined }
const folder = mkdtempSync(join(tmpdir(), 'lamella-bench-'))
const pids: (number | undefined)[] = []
const host: ProcessHost = {
  spawn(exchange) {
    const engine = engineHost.spawn(exchange)
    pids.push(engine.pid)
    return engine
  }
}
try {
  await bench()
} finally {
  rmSync(folder, { recursive: true })
}

async function bench(): Promise<void> {
  const path = join(folder, 'model')
  await writeRandomGpt2(path)
  const engine = createEngine(host)
  const model = (await openedModel(path)) as RunnableModel
  const alone = createForward(engine, nothingKept(), 0)
  const workbench = await startBenchWorkbench(join(folder, 'data'), host)
  const { handlers } = workbench
  const opened = await handlers['models.open']({ path }, context)

  const runAlone = async (ids: number[][]) => {
    for (const window of ids) {
      const source = { input: { ids: window }, edits: [], provider: 'cpu' as const }
      await alone.run(runRecord(model, source, await tokensOfIds(model, window)), context)
    }
  }
  const analyse = (ids: number[][]) =>
    handlers['analysis.run'](
      {
        name: 'head-scores',
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
  await analyse(windowsOf(2, 2))
  const latency = watchStatus(() => handlers['engine.status']({}, context))
  const ratios: number[] = []
  const totals = { alone: 0, scores: 0, aloneBusy: 0, scoresBusy: 0 }
  print('\n   forward alone   head scores   ratio')
  for (let part = 0; part < parts; part++) {
    const ids = windowsOf(Math.ceil(windows / parts), 4 + part * windows)
    const plain = await timed(() => runAlone(ids))
    const scored = await timed(() => analyse(ids))
    totals.alone += plain.time
    totals.scores += scored.time
    totals.aloneBusy += plain.busy
    totals.scoresBusy += scored.busy
    ratios.push(scored.time / plain.time)
    print(row(plain.time, scored.time))
  }
  print(`\nall${row(totals.alone, totals.scores).slice(3)}`)
  print(`processor time${row(totals.aloneBusy, totals.scoresBusy).slice(14)}`)
  print(`median of the ratios                 ${median(ratios).toFixed(2)}`)
  const { wait, work } = latency.stop()
  print(`longest wait for engine.status       ${wait.toFixed(0)} ms`)
  print(`longest work of its thread at once   ${work.toFixed(0)} ms`)
  await workbench.close()
  model.reader.close()
  engine.close()
}

/** Ids that no window before had. */
function windowsOf(count: number, seed: number): number[][] {
  return Array.from({ length: count }, (_, w) =>
    Array.from({ length: tokens }, (_, i) => (i * 7919 + (seed + w) * 104729) % 50257)
  )
}

/** Keeps nothing of a run but its last residual. */
function nothingKept(): TraceCache {
  return {
    get: () => Promise.resolve(null),
    first: () => Promise.resolve(null),
    missing: (_run, hooks) => Promise.resolve(hooks),
    put: () => Promise.resolve(),
    keep: (_run, _hook, { shape, data }) =>
      Promise.resolve({ shape, data: new Float32Array(data) }),
    bytes: 0,
    look: () => Promise.resolve(),
    clear: () => Promise.resolve(),
    close: () => Promise.resolve()
  }
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
  let ticks = 0
  for (const pid of pids) {
    const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
    const [, , , , , , , , , , , inUser = 0, inSystem = 0] = line
      .slice(line.lastIndexOf(')') + 1)
      .split(' ')
      .map(Number)
    ticks += inUser + inSystem
  }
  // A tick is a hundredth of a second on every Linux there is.
  return (user + system) / 1000 + ticks * 10
}

function row(alone: number, scored: number): string {
  const seconds = (time: number) => `${(time / 1000).toFixed(2)} s`.padStart(14)
  return `  ${seconds(alone)}${seconds(scored)}${(scored / alone).toFixed(2).padStart(8)}`
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
