import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { ModelFacts, Window } from '#common/analysis/analysis.ts'
import { variable } from '#common/data/dataset.ts'
import { cancelled } from '#common/model/errors.ts'
import { type Compute, createCompute } from '../../../src/main/compute/compute.ts'
import { outcome } from '../checkpoint/temporary.ts'
import { built } from '../../built.ts'

const worker = built.computeEntry
const faulty = join(import.meta.dirname, 'faulty-worker.ts')
const never = new AbortController().signal
const model: ModelFacts = {
  name: 'm',
  config: { nLayers: 1, nHeads: 1, nKeyValueHeads: 1, dModel: 4, dHead: 2, dVocab: 9, nCtx: 9 },
  visibility: [{ causal: true, reach: null }],
  scores: null,
  predicts: 'next',
  labels: null,
  ofText: false,
  tensors: [],
  positions: null,
  texts: new Map()
}
const window: Window = { ids: Int32Array.of(1, 2), texts: null, label: 'w' }
const hook = 'blocks.0.attn.hook_pattern'
const pattern = () => ({
  kind: 'hook' as const,
  hook,
  shape: [1, 2, 2],
  data: Float32Array.of(1, 0, 0.25, 0.75)
})

let compute: Compute
afterEach(() => compute.close())

function start(name: string, signal = never, params: unknown = {}) {
  return compute.start({ name, params, model, state: null }, signal)
}

/** Until a faulty worker says this. */
function told(what: string): Promise<unknown> {
  const channel = new BroadcastChannel('faulty worker')
  return new Promise<void>(resolve => {
    channel.onmessage = ({ data }) => {
      if (data === what) resolve()
    }
  }).finally(() => channel.close())
}

describe('a worker thread', () => {
  it('takes windows in and gives a result; the array that it took is gone', async () => {
    compute = createCompute(worker)
    const computation = await start('head-scores')
    computation.begin(window)
    const taken = pattern()
    await computation.take(taken)
    const result = await computation.result()
    expect(taken.data.length).toBe(0)
    expect([...variable(result, 'offset').data]).toEqual([0.875, 0.25])
    computation.end()
  })

  it('reports how far long work has come, before its result', async () => {
    compute = createCompute(worker)
    const computation = await start('project', never, { method: 'umap', neighbours: 3 })
    const data = Float32Array.from({ length: 36 }, (_, i) => Math.sin(i * i))
    const address = { role: 'W_E', layer: null, head: null } as const
    await computation.take({ kind: 'weight', address, shape: [9, 4], start: 0, data })
    const reports: number[] = []
    const pictures: Float32Array[] = []
    const result = await computation.result((done, total, places) => {
      reports.push(done / total)
      if (places) pictures.push(places)
    })
    expect(reports[0]).toBe(0)
    expect(reports).toEqual(reports.toSorted((a, b) => a - b))
    expect(reports.at(-1)).toBeGreaterThan(0.99)
    // Where its nine points lie by then, of the first step and then every so often.
    expect(pictures.length).toBeGreaterThan(0)
    expect(pictures.length).toBeLessThan(reports.length)
    for (const places of pictures) expect(places).toHaveLength(2 * 9)
    expect(result.axes['point']?.length).toBe(9)
    computation.end()
  })

  it('is started ahead of the first analysis, which takes it', async () => {
    const channel = new BroadcastChannel('faulty worker')
    let started = 0
    channel.onmessage = ({ data }) => void (started += Number(data === 'started'))
    compute = createCompute(faulty)
    compute.prepare()
    await expect.poll(() => started).toBe(1)
    const first = await start('first')
    // One that is busy is none to begin with.
    compute.prepare()
    const second = await start('second')
    await expect.poll(() => started).toBe(2)
    for (const computation of [first, second]) computation.end()
    channel.close()
  })

  it('leaves a part of a larger array where it is', async () => {
    compute = createCompute(worker)
    const computation = await start('head-scores')
    computation.begin(window)
    const all = Float32Array.of(1, 0, 0.25, 0.75, 7)
    await computation.take({ ...pattern(), data: all.subarray(0, 4) })
    await computation.settled()
    expect(all[4]).toBe(7)
    computation.end()
  })

  it('goes on from a state to the same result, and refuses one that is damaged', async () => {
    compute = createCompute(worker)
    const one = await start('head-scores')
    one.begin(window)
    await one.take(pattern())
    const state = await one.state('note')
    const copied = () => ({ ...state, bytes: state.bytes.slice() })
    one.begin(window)
    await one.take({ ...pattern(), data: Float32Array.of(1, 0, 0.1, 0.9) })
    const expected = await one.result()
    one.end()
    expect(state.note).toBe('note')
    const two = await compute.start(
      { name: 'head-scores', params: {}, model, state: copied() },
      never
    )
    two.begin(window)
    await two.take({ ...pattern(), data: Float32Array.of(1, 0, 0.1, 0.9) })
    expect(await two.result()).toEqual(expected)
    two.end()
    for (const damaged of [
      { ...copied(), note: 'other' },
      { ...state, bytes: copied().bytes.reverse() }
    ])
      expect(
        await outcome(
          compute.start({ name: 'head-scores', params: {}, model, state: damaged }, never)
        )
      ).toBe('internal: what was kept is damaged')
  })

  it('tells what an analysis throws, whatever is asked after it', async () => {
    compute = createCompute(worker)
    const computation = await start('head-scores')
    computation.begin(window)
    await computation.take({ ...pattern(), shape: [1, 3, 3] })
    const message = `internal: head-scores: ${hook}: [1, 3, 3], expected [1, 2, 2]`
    expect(await outcome(computation.settled())).toBe(message)
    expect(await outcome(computation.result())).toBe(message)
    computation.end()
    expect(await outcome(start('nothing'))).toMatch(/^invalid-argument: nothing: there is no such/)
  })

  it.each([
    ['exits', 'exit code 3'],
    ['throws', 'out of luck']
  ])(
    'that %s ends what it was asked, with a reason, and another takes its place',
    async (name, why) => {
      compute = createCompute(faulty)
      const computation = await start(name)
      computation.begin(window)
      const stopped = `internal: ${name}: The thread that computes it stopped: ${why}`
      expect(await outcome(computation.settled())).toBe(stopped)
      expect(await outcome(computation.result())).toBe(stopped)
      computation.end()
      const next = await start('sound')
      next.begin(window)
      await next.settled()
      next.end()
    }
  )

  const megabytes = (count: number) => ({ ...pattern(), data: new Float32Array(count * 2 ** 18) })

  it('that is more than 64 MB behind is waited for', async () => {
    compute = createCompute(faulty)
    const computation = await start('slow')
    const channel = new BroadcastChannel('faulty worker')
    await computation.take(megabytes(32))
    await computation.take(megabytes(32))
    const held = told('3 held')
    let isTaken = false
    const third = computation.take(megabytes(1)).then(() => (isTaken = true))
    await held
    expect(isTaken).toBe(false)
    channel.postMessage('go on')
    await third
    channel.close()
    computation.end()
  })

  it('that stops while it is waited for is waited for no longer, and takes nothing more', async () => {
    compute = createCompute(faulty)
    const computation = await start('slow')
    const channel = new BroadcastChannel('faulty worker')
    const held = told('1 held')
    const taking = outcome(computation.take(megabytes(65)))
    await held
    channel.postMessage('fall')
    channel.close()
    const why = 'The thread that computes it stopped: fell'
    expect(await taking).toBe(`internal: slow: ${why}`)
    expect(await outcome(computation.take(megabytes(1)))).toBe(`internal: slow: ${why}`)
    expect(await outcome(computation.state('note'))).toBe(`internal: ${why}`)
    computation.end()
    const next = await start('sound')
    await next.take(megabytes(1))
    await next.settled()
    next.end()
  })

  it('that still works when nobody wants it is ended', async () => {
    compute = createCompute(faulty)
    const computation = await start('hangs')
    const hanging = told('hangs')
    const asked = outcome(computation.result())
    await hanging
    computation.end()
    expect(await asked).toBe('internal: The thread that computes it stopped: it was ended')
  })

  it('that still works when what it is for is given up is ended; one that waits is not, nor is the next one in it', async () => {
    compute = createCompute(faulty)
    const controller = new AbortController()
    const computation = await start('hangs', controller.signal)
    const hanging = told('hangs')
    const asked = outcome(computation.result())
    await hanging
    controller.abort(cancelled())
    expect(await asked).toBe('internal: The thread that computes it stopped: it was ended')
    computation.end()

    const left = new AbortController()
    const first = await start('a', left.signal)
    first.end()
    // It has the thread of the one before.
    const next = await start('hangs')
    const again = told('hangs')
    const result = outcome(next.result())
    await again
    left.abort(cancelled())
    const waits = new Promise(resolve => setImmediate(() => resolve('waits')))
    expect(await Promise.race([result, waits])).toBe('waits')
    next.end()
    expect(await result).toBe('internal: The thread that computes it stopped: it was ended')
  })

  it('is waited for where two are at work, until one is free or the wait is given up', async () => {
    compute = createCompute(faulty)
    const waiting: string[] = []
    const begun = (name: string) =>
      compute.start({ name, params: {}, model, state: null }, never, () => waiting.push(name))
    const [one, two] = await Promise.all([begun('a'), begun('b')])
    const controller = new AbortController()
    const givenUp = outcome(start('c', controller.signal))
    let began = false
    const third = begun('d').then(computation => {
      began = true
      return computation
    })
    // Meanwhile others begin one after the other.
    for (let i = 0; i < 3; i++) {
      const others = createCompute(faulty)
      await others.start({ name: 'e', params: {}, model, state: null }, never)
      others.close()
    }
    expect(began).toBe(false)
    expect(waiting).toEqual(['d'])
    controller.abort(cancelled())
    expect(await givenUp).toBe('cancelled: Cancelled')
    one.end()
    one.end()
    ;(await third).end()
    two.end()
  })

  it('is not begun once all are closed', async () => {
    compute = createCompute(faulty)
    compute.close()
    expect(await outcome(start('a'))).toBe('cancelled: The workbench is closed')
  })
})
