import { effectScope, ref } from 'vue'
import { expect, it } from 'vitest'
import { cancelled } from '#common/model/errors.ts'
import { useFailure } from '../../../src/renderer/src/reactive/use-failure.ts'
import { useLatest } from '../../../src/renderer/src/reactive/use-latest.ts'

it('tells the first failure of several answers, and asks anew for those that failed alone', async () => {
  const loads: string[] = []
  const fails = ref<readonly string[]>(['expected'])
  const scope = effectScope()
  const { expected, other, latest, failure } = scope.run(() => {
    const loading = (name: string) => () => {
      loads.push(name)
      return fails.value.includes(name) ? Promise.reject(cancelled()) : Promise.resolve(name)
    }
    const expected = useLatest(() => 1, loading('expected'))
    const other = useLatest(() => 1, loading('other'))
    // It waits for what is expected.
    const latest = useLatest(() => expected.current.value, loading('latest'))
    return { expected, other, latest, failure: useFailure(() => [expected, other, latest]) }
  })!
  await expect.poll(() => failure.error.value?.code).toBe('cancelled')
  expect([other.current.value, latest.current.value]).toEqual(['other', null])
  fails.value = []
  failure.retry()
  await expect.poll(() => latest.current.value).toBe('latest')
  expect([failure.error.value, expected.current.value]).toEqual([null, 'expected'])
  expect(loads).toEqual(['expected', 'other', 'expected', 'latest'])
  failure.retry()
  expect(loads).toHaveLength(4)
  scope.stop()
})
