import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import type { CorpusInput } from '#common/analysis/subject.ts'
import { headScores } from '#common/analysis/head-scores/head-scores.ts'
import type { Progress } from '#common/contract/schemas.ts'
import type { Edit } from '#common/model/edit.ts'
import { createCompute, type Compute } from '../../../../src/main/compute/compute.ts'
import { createEngine, type Engine } from '../../../../src/main/engine/client.ts'
import { forkEngine } from '../../../../src/main/engine/host.ts'
import { openTraceCache, type TraceCache } from '../../../../src/main/trace/cache.ts'
import { runCorpus, type CorpusTask } from '../../../../src/main/workbench/analysis/corpus-run.ts'
import { corpusSources } from '../../../../src/main/workbench/analysis/corpus-sources.ts'
import { beginCorpus } from '../../../../src/main/workbench/analysis/corpus-windows.ts'
import {
  createKeptResults,
  type KeptResults
} from '../../../../src/main/workbench/analysis/kept-results.ts'
import { labelled } from '../../../../src/main/workbench/analysis/labelled.ts'
import { createWindowRuns } from '../../../../src/main/workbench/analysis/window-runs.ts'
import { createDirectEffects } from '../../../../src/main/workbench/run/direct-effects.ts'
import { createForward } from '../../../../src/main/workbench/run/forward.ts'
import { createGradients } from '../../../../src/main/workbench/run/gradients.ts'
import { createOnnxForward } from '../../../../src/main/workbench/run/onnx-forward.ts'
import { runRecord } from '../../../../src/main/workbench/run/run-record.ts'
import type { RunValues } from '../../../../src/main/workbench/run/run-values.ts'
import {
  directOfEither,
  forwardOfEither,
  gradientsOfEither,
  runnable,
  type Runnable
} from '../../../../src/main/workbench/run/runnable.ts'
import { openedModel, shakespeare, uncancelled } from '../../../golden/workbench.ts'
import { outcome } from '../../checkpoint/temporary.ts'
import { built } from '../../../built.ts'

let engine: Engine
let cache: TraceCache
let compute: Compute
let model: Runnable
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lamella-corpus-run-'))
  engine = createEngine(forkEngine(built.engineEntry))
  cache = openTraceCache({ entry: built.traceEntry, folder, limitBytes: 1e9 })
  compute = createCompute(built.computeEntry)
  model = runnable(await openedModel(shakespeare))
})
afterAll(async () => {
  compute.close()
  engine.close()
  model.reader.close()
  await cache.close()
})

// Of each window a state is kept.
beforeEach(() => {
  const now = performance.now.bind(performance)
  vi.spyOn(performance, 'now').mockImplementation(() => 1e6 * now())
})
afterEach(() => void vi.restoreAllMocks())

const { signal } = new AbortController()

const winter = { text: 'Now is the winter of our discontent\n'.repeat(20) }

async function task(input: CorpusInput = winter): Promise<CorpusTask<unknown>> {
  const { name, config, visibility, predicts } = model.info
  const rest = {
    scores: null,
    labels: null,
    ofText: false,
    tensors: [],
    texts: new Map(),
    positions: null
  }
  const facts = { name, config, visibility, predicts, ...rest }
  const sources = await corpusSources([input], uncancelled())
  const corpus = { inputs: [input], window: 30, stride: null }
  return {
    ...{ analysis: headScores, params: headScores.params.parse({}), model, facts, corpus, sources },
    begun: await beginCorpus(sources, { model, corpus, signal }),
    open(tokens) {
      const input = { ids: tokens.map(({ id }) => id) }
      const edited = (edits: readonly Edit[]) =>
        Promise.resolve(runRecord(model, { input, edits: [...edits], provider: 'cpu' }, tokens))
      return edited([]).then(record => [{ record, facts, edited }])
    },
    key: 'key'
  }
}

function windowRuns() {
  const computing = (values: RunValues) => {
    const blocks = createForward(engine, values, 0)
    const forward = forwardOfEither(blocks, createOnnxForward(engine, values, 0))
    const gradients = gradientsOfEither(createGradients(engine, blocks))
    return { forward, gradients, direct: directOfEither(createDirectEffects(engine, blocks)) }
  }
  return createWindowRuns(cache, computing(cache), computing)
}

/** On a disk that takes a while. */
function slowlyKept() {
  const folder = mkdtempSync(join(tmpdir(), 'lamella-corpus-run-'))
  const entry = built.keptEntry
  const kept = createKeptResults({ entry, folder, limitBytes: 1e9, refused: () => undefined })
  const states = { begun: 0, written: 0, mostAtOnce: 0 }
  const slow: KeptResults = {
    ...kept,
    async keepState(key, state) {
      states.begun++
      states.mostAtOnce = Math.max(states.mostAtOnce, states.begun - states.written)
      await delay(100)
      await kept.keepState(key, state)
      states.written++
    }
  }
  return { folder, kept: slow, states }
}

it('that ends has written the state that it began to write', async () => {
  const { folder, kept, states } = slowlyKept()
  await runCorpus(await task(), { compute, kept, runs: windowRuns() }, uncancelled())
  expect(states.begun).toBeGreaterThan(0)
  expect(states).toEqual({ begun: states.begun, written: states.begun, mostAtOnce: 1 })
  expect(readdirSync(folder)).toEqual(['key.state'])
})

it('of more windows than are listed has the labels of the first, and says so', async () => {
  const { kept } = slowlyKept()
  const listed = async (mostLabels: number) => {
    const parts = { compute, kept, runs: windowRuns(), mostLabels }
    const { result, reading } = await runCorpus(
      { ...(await task()), key: null },
      parts,
      uncancelled()
    )
    const { axes, variables, attributes } = labelled(result, reading)
    expect(axes['window']!.labels).toHaveLength(axes['window']!.length)
    return [reading.windows, variables['window_tokens']!.data.length, attributes['unlisted']]
  }
  const count = winter.text.length / 30
  expect(await listed(count - 1)).toEqual([
    count,
    count - 1,
    `the labels of the first ${count - 1} windows are listed`
  ])
  expect(await listed(count)).toEqual([count, count, undefined])
})

it('that is given up writes no state once it has ended', async () => {
  const { kept, states } = slowlyKept()
  const controller = new AbortController()
  const keepState: KeptResults['keepState'] = (key, state) => {
    controller.abort()
    return kept.keepState(key, state)
  }
  const parts = { compute, kept: { ...kept, keepState }, runs: windowRuns() }
  const given = await outcome(runCorpus(await task(), parts, uncancelled(controller.signal)))
  expect(given).toBe('cancelled: Cancelled')
  expect(states).toEqual({ begun: 1, written: 1, mostAtOnce: 1 })
})

it('that takes less than a second writes no state', async () => {
  const { kept, states } = slowlyKept()
  vi.spyOn(performance, 'now').mockReturnValue(performance.now())
  await runCorpus(await task(), { compute, kept, runs: windowRuns() }, uncancelled())
  expect(states.begun).toBe(0)
})

it('that left out what may be there another time does not last, whatever else it leaves out', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lamella-corpus-run-'))
  for (const name of ['a', 'b']) writeFileSync(join(folder, name), winter.text)
  writeFileSync(join(folder, 'binary'), Uint8Array.of(255))
  const run = async (gone: readonly string[]) => {
    const own = await task({ path: folder })
    for (const name of gone) rmSync(join(folder, name))
    return runCorpus(own, { compute, kept: slowlyKept().kept, runs: windowRuns() }, uncancelled())
  }
  const whole = await run([])
  expect([whole.lasts, whole.reading.left.length]).toEqual([true, 1])
  const some = await run(['b'])
  expect([some.lasts, some.reading.left.length]).toEqual([false, 2])
})

it('says that it waits for others, and that it computes once all is read', async () => {
  const { kept } = slowlyKept()
  const labels: string[] = []
  const progress = ({ label }: Progress) => void labels.push(label)
  const busy: Compute = {
    ...compute,
    start(analysis, signal, waits) {
      waits?.()
      return compute.start(analysis, signal)
    }
  }
  const parts = { compute: busy, kept, runs: windowRuns() }
  await runCorpus({ ...(await task()), key: null }, parts, { signal, progress })
  expect(labels[0]).toBe('Waiting for other analyses')
  expect(labels.at(-2)).toMatch(/^Window /)
  expect(labels.at(-1)).toBe('Computing head scores')
})
