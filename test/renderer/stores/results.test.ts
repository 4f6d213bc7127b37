import { createPinia, setActivePinia } from 'pinia'
import { nextTick } from 'vue'
import { beforeEach, describe, expect, it } from 'vitest'
import { isCancelled } from '#common/model/cancel.ts'
import { LamellaError } from '#common/model/errors.ts'
import { useModels } from '../../../src/renderer/src/stores/models.ts'
import { useResults, type Asked } from '../../../src/renderer/src/stores/results.ts'
import { useTasks } from '../../../src/renderer/src/stores/tasks.ts'
import { model, pending } from '../fake-client.ts'

const a = model('a')
const b = model('b')

beforeEach(() => {
  setActivePinia(createPinia())
  useModels().open = [a, b]
})

/** A request whose work is ended by hand; counts how often it began. */
function request(own: Partial<Asked<string>> = {}) {
  const work = pending<string>()
  const seen = { begun: 0, signal: null as AbortSignal | null }
  const asked: Asked<string> = {
    name: 'test',
    params: { layer: 0 },
    of: 'run 1',
    modelId: a.id,
    label: 'Testing',
    load(options) {
      seen.begun++
      seen.signal = options.signal
      options.onProgress({ label: 'Testing 1 of 2', done: 1, total: 2 })
      return work.promise
    },
    bytes: () => 1,
    ...own
  }
  return { asked, work, seen }
}

describe('results', () => {
  it('are computed once for equal requests, at once or later', async () => {
    const { asked, work, seen } = request()
    const results = useResults()
    const first = results.ask(asked)
    const second = results.ask({ ...asked })
    work.resolve('value')
    expect(await Promise.all([first, second, results.ask(asked)])).toEqual(Array(3).fill('value'))
    expect(seen.begun).toBe(1)
  })

  it('are told apart by analysis, params and what they are of', async () => {
    const results = useResults()
    const variants = [{}, { name: 'other' }, { params: { layer: 1 } }, { of: 'run 2' }]
    const values = variants.map((own, i) => {
      const { asked, work } = request(own)
      work.resolve(String(i))
      return results.ask(asked)
    })
    expect(await Promise.all(values)).toEqual(['0', '1', '2', '3'])
  })

  it('tell how they stand, with progress', async () => {
    const { asked, work } = request()
    const results = useResults()
    expect(results.stateOf(asked)).toBeNull()
    const value = results.ask(asked)
    await nextTick()
    expect(results.stateOf(asked)).toMatchObject({ kind: 'working' })
    expect(results.workOf(asked)).toMatchObject({ progress: { done: 1 } })
    work.resolve('value')
    await value
    expect(results.stateOf(asked)).toEqual({ kind: 'done', value: 'value' })
    expect(results.workOf(asked)).toBeNull()
  })

  it('are abandoned, not cancelled, when the last who waits leaves', async () => {
    const { asked, seen } = request()
    const results = useResults()
    const one = new AbortController()
    const two = new AbortController()
    const first = results.ask(asked, one.signal)
    const second = results.ask(asked, two.signal)
    await nextTick()
    one.abort()
    await expect(first).rejects.toMatchObject({ code: 'cancelled' })
    expect(seen.signal!.aborted).toBe(false)
    two.abort()
    await expect(second).rejects.toMatchObject({ code: 'cancelled' })
    expect(seen.signal!.aborted).toBe(true)
    expect(isCancelled(seen.signal!)).toBe(false)
    expect(results.stateOf(asked)).toBeNull()
  })

  it('are begun anew for who comes after the last has left', async () => {
    const { asked, work, seen } = request()
    const results = useResults()
    const gone = new AbortController()
    const first = results.ask(asked, gone.signal).catch(() => 'left')
    await nextTick()
    gone.abort()
    const second = results.ask(asked)
    work.resolve('value')
    expect(await Promise.all([first, second])).toEqual(['left', 'value'])
    expect(seen.begun).toBe(2)
    expect(results.stateOf(asked)).toEqual({ kind: 'done', value: 'value' })
  })

  it('are cancelled for all by Cancel, and begun anew for who asks then', async () => {
    const { asked, work, seen } = request()
    const results = useResults()
    const value = results.ask(asked)
    await nextTick()
    useTasks().cancel(results.workOf(asked)!.id)
    expect(isCancelled(seen.signal!)).toBe(true)
    expect(results.stateOf(asked)).toBeNull()
    const again = request()
    const second = results.ask(again.asked)
    work.reject(new LamellaError('cancelled', 'Cancelled'))
    await expect(value).rejects.toMatchObject({ code: 'cancelled' })
    again.work.resolve('value')
    expect(await second).toBe('value')
  })

  it('may fail, and are tried again when they are asked for again', async () => {
    const results = useResults()
    const { asked, work } = request()
    const value = results.ask(asked)
    work.reject(new LamellaError('engine-failed', 'The engine died'))
    await expect(value).rejects.toMatchObject({ code: 'engine-failed' })
    expect(results.stateOf(asked)).toMatchObject({ kind: 'failed' })
    const again = request()
    again.work.resolve('value')
    expect(await results.ask(again.asked)).toBe('value')
  })

  it('are forgotten, the oldest first, beyond 256 MB, and with their model', async () => {
    const results = useResults()
    const kept = async (of: string, bytes: number, modelId = a.id) => {
      const { asked, work } = request({ of, modelId, bytes: () => bytes })
      work.resolve(of)
      await results.ask(asked)
      return asked
    }
    const old = await kept('old', 100 * 2 ** 20)
    const used = await kept('used', 100 * 2 ** 20)
    await results.ask(old)
    const large = await kept('large', 100 * 2 ** 20)
    expect(results.stateOf(used)).toBeNull()
    expect(results.stateOf(old)).not.toBeNull()
    const other = await kept('other', 1, b.id)
    useModels().open = [b]
    await nextTick()
    expect([old, large].map(asked => results.stateOf(asked))).toEqual([null, null])
    expect(results.stateOf(other)).not.toBeNull()
  })
})
