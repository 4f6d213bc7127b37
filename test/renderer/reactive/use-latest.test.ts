import { describe, expect, it } from 'vitest'
import { createApp, effectScope, nextTick, ref } from 'vue'
import { isCancelled } from '#common/model/cancel.ts'
import { LamellaError } from '#common/model/errors.ts'
import { inFront } from '../../../src/renderer/src/reactive/use-in-front.ts'
import { useLatest } from '../../../src/renderer/src/reactive/use-latest.ts'

/** A load that the test settles by hand. */
function controlled() {
  const calls: {
    key: number
    signal: AbortSignal
    resolve(value: string): void
    reject(e: Error): void
  }[] = []
  const load = (key: number, signal: AbortSignal) =>
    new Promise<string>((resolve, reject) => calls.push({ key, signal, resolve, reject }))
  return { calls, load }
}

async function settle(): Promise<void> {
  await nextTick()
  await new Promise(resolve => setTimeout(resolve))
}

describe('useLatest', () => {
  it('keeps the old value until the new one comes, and abandons work for an old key', async () => {
    const key = ref<number | null>(1)
    const { calls, load } = controlled()
    const latest = effectScope().run(() => useLatest(() => key.value, load))!
    calls[0]!.resolve('one')
    await settle()
    expect(latest.value.value).toBe('one')
    key.value = 2
    await settle()
    expect([latest.value.value, latest.pending.value]).toEqual(['one', true])
    key.value = 3
    await settle()
    expect([calls[1]!.signal.aborted, isCancelled(calls[1]!.signal)]).toEqual([true, false])
    calls[1]!.resolve('two')
    await settle()
    expect([latest.value.value, latest.pending.value]).toEqual(['one', true])
    calls[2]!.resolve('three')
    await settle()
    expect([latest.value.value, latest.pending.value]).toEqual(['three', false])
    key.value = null
    await settle()
    expect(latest.value.value).toBeNull()
  })

  it('waits with a new key in a tab that is not in front, and asks for the last one once it is', async () => {
    const key = ref<number | null>(1)
    const isInFront = ref(true)
    const { calls, load } = controlled()
    const app = createApp({})
    app.provide(inFront, isInFront)
    const scope = effectScope()
    const latest = app.runWithContext(() => scope.run(() => useLatest(() => key.value, load)))!
    calls[0]!.resolve('one')
    await settle()
    isInFront.value = false
    key.value = 2
    await settle()
    key.value = 3
    await settle()
    expect([calls.length, latest.value.value, latest.pending.value]).toEqual([1, 'one', true])
    isInFront.value = true
    await settle()
    expect(calls.map(({ key }) => key)).toEqual([1, 3])
    calls[1]!.resolve('three')
    await settle()
    expect([latest.value.value, latest.pending.value]).toEqual(['three', false])
    // What is on its way goes on behind others, and is not asked for again.
    key.value = 4
    await settle()
    isInFront.value = false
    await settle()
    isInFront.value = true
    await settle()
    expect([calls.length, calls[2]!.signal.aborted]).toEqual([3, false])
    isInFront.value = false
    key.value = null
    await settle()
    expect([latest.value.value, latest.pending.value]).toEqual([null, false])
    scope.stop()
  })

  it('takes a key of the same members for the same key', async () => {
    const pointer = ref(0)
    const head = ref(1)
    let loads = 0
    const load = () => Promise.resolve(++loads)
    const key = () => (pointer.value >= 0 ? { head: head.value, size: 3 } : null)
    const latest = effectScope().run(() => useLatest(key, load))!
    await settle()
    pointer.value = 1
    await settle()
    expect([loads, latest.value.value]).toEqual([1, 1])
    head.value = 2
    await settle()
    expect([loads, latest.value.value]).toEqual([2, 2])
    latest.retry()
    await settle()
    expect(loads).toBe(3)
    pointer.value = -1
    await settle()
    pointer.value = 1
    await settle()
    expect(loads).toBe(4)
  })

  it('keeps the value beside an error and tries again when asked', async () => {
    const key = ref(1)
    const { calls, load } = controlled()
    const latest = effectScope().run(() => useLatest(() => key.value, load))!
    calls[0]!.resolve('one')
    await settle()
    key.value = 2
    await settle()
    calls[1]!.reject(new LamellaError('engine-failed', 'the engine stopped'))
    await settle()
    expect(latest.error.value?.message).toBe('the engine stopped')
    expect(latest.value.value).toBe('one')
    latest.retry()
    await settle()
    calls[2]!.resolve('two')
    await settle()
    expect([latest.error.value, latest.value.value]).toEqual([null, 'two'])
  })

  it('knows whether its value is of what is asked for now', async () => {
    const head = ref<number | null>(1)
    const { calls, load } = controlled()
    const key = () => (head.value === null ? null : { head: head.value })
    const latest = effectScope().run(() => useLatest(key, ({ head }, own) => load(head, own)))!
    const known = () => [latest.value.value, latest.current.value, latest.standing.value]
    expect(known()).toEqual([null, null, null])
    calls[0]!.resolve('one')
    await settle()
    expect(known()).toEqual(['one', 'one', 'one'])
    // At once, before anything is asked for.
    head.value = 2
    expect(known()).toEqual(['one', null, 'one'])
    await settle()
    calls[1]!.reject(new LamellaError('engine-failed', 'the engine stopped'))
    await settle()
    expect(known()).toEqual(['one', null, null])
    latest.retry()
    await settle()
    expect(known()).toEqual(['one', null, 'one'])
    calls[2]!.resolve('two')
    await settle()
    expect(known()).toEqual(['two', 'two', 'two'])
    head.value = null
    expect(latest.current.value).toBeNull()
    await settle()
    expect(known()).toEqual([null, null, null])
  })

  it('abandons its work when its scope ends', async () => {
    const scope = effectScope()
    const { calls, load } = controlled()
    scope.run(() => useLatest(() => 1, load))
    scope.stop()
    await settle()
    expect([calls[0]!.signal.aborted, isCancelled(calls[0]!.signal)]).toEqual([true, false])
  })
})
