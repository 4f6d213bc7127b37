import { effectScope, nextTick, shallowRef } from 'vue'
import { expect, it } from 'vitest'
import { useNewest } from '../../../src/renderer/src/reactive/use-newest.ts'

interface Call {
  readonly key: string
  readonly signal: AbortSignal
  readonly give: (value: string) => void
  readonly fail: (error: Error) => void
}

/** Keys are of the same kind where they begin alike. */
function started(first: string | null) {
  const key = shallowRef(first)
  const calls: Call[] = []
  const scope = effectScope()
  const newest = scope.run(() =>
    useNewest(
      () => key.value,
      (key, signal) =>
        new Promise<string>((give, fail) => {
          calls.push({ key, signal, give, fail })
        }),
      (a, b) => a[0] === b[0]
    )
  )!
  const ask = async (next: string | null) => {
    key.value = next
    await nextTick()
  }
  const settled = () => new Promise(resolve => setTimeout(resolve))
  return { ...newest, calls, ask, settled, scope }
}

it('ends what is under way, and then loads the newest of those that wait', async () => {
  const { calls, ask, settled, value, pending } = started('a1')
  await ask('a2')
  await ask('a3')
  expect(calls.map(({ key }) => key)).toEqual(['a1'])
  calls[0]!.give('of a1')
  await settled()
  expect(value.value).toBe('of a1')
  expect(calls.map(({ key }) => key)).toEqual(['a1', 'a3'])
  expect(pending.value).toBe(true)
  calls[1]!.give('of a3')
  await settled()
  expect([value.value, pending.value]).toEqual(['of a3', false])
})

it('gives up what is of another kind, and takes nothing of it', async () => {
  const { calls, ask, settled, value } = started('a1')
  await ask('b1')
  expect(calls.map(({ key, signal }) => [key, signal.aborted])).toEqual([
    ['a1', true],
    ['b1', false]
  ])
  calls[0]!.give('of a1')
  await settled()
  expect(value.value).toBeNull()
  calls[1]!.give('of b1')
  await settled()
  expect(value.value).toBe('of b1')
})

it('says what failed until something else is asked for', async () => {
  const { calls, ask, settled, value, error, retry } = started('a1')
  calls[0]!.fail(new Error('no such part'))
  await settled()
  expect(error.value?.message).toContain('no such part')
  retry()
  expect(error.value).toBeNull()
  calls[1]!.give('of a1')
  await settled()
  expect(value.value).toBe('of a1')
  await ask(null)
  expect(value.value).toBeNull()
})

it('gives up with its view', () => {
  const { calls, scope } = started('a1')
  scope.stop()
  expect(calls[0]!.signal.aborted).toBe(true)
})
