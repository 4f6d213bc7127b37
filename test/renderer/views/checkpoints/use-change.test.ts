import { effectScope, shallowRef } from 'vue'
import { afterEach, expect, it, vi } from 'vitest'
import { axis, dataset } from '#common/data/dataset.ts'
import { cancelled } from '#common/model/errors.ts'
import { useChange } from '../../../../src/renderer/src/views/checkpoints/use-change.ts'
import { model } from '../../fake-client.ts'
import { askingStores } from '../../fake-results.ts'

afterEach(() => vi.unstubAllGlobals())

it('tells what changed of a tensor between the checkpoints that are compared alone', async () => {
  const questions = askingStores()
  const [first, second, third] = ['one', 'two', 'three'].map(name => model(name))
  const compared = shallowRef([first!, second!] as const)
  const scope = effectScope()
  const { shown, one, shownOne } = scope.run(() =>
    useChange(
      () => compared.value,
      () => 'w',
      () => false
    )
  )!
  const whole = dataset({ tensor: axis(['w']) }, {})
  questions[0]!.resolve(whole)
  await expect.poll(() => questions.length).toBe(2)
  const ofTensor = dataset({}, {})
  questions[1]!.resolve(ofTensor)
  await expect.poll(() => shownOne.value?.result).toBe(ofTensor)

  compared.value = [first!, third!]
  await expect.poll(() => questions.length).toBe(3)
  questions[2]!.resolve(whole)
  await expect.poll(() => shown.value?.result).toBe(whole)
  await expect.poll(() => questions.length).toBe(4)
  expect(shownOne.value).toBeNull()
  questions[3]!.reject(cancelled())
  await expect.poll(() => one.error.value?.code).toBe('cancelled')
  expect(shownOne.value).toBeNull()
  scope.stop()
})

it('tells of no tensor what changed of the one before', async () => {
  const questions = askingStores()
  const tensor = shallowRef('w')
  const scope = effectScope()
  const { one, shownOne } = scope.run(() =>
    useChange(
      () => [model('one'), model('two')],
      () => tensor.value,
      () => false
    )
  )!
  questions[0]!.resolve(dataset({ tensor: axis(['w', 'v']) }, {}))
  await expect.poll(() => questions.length).toBe(2)
  questions[1]!.resolve(dataset({}, {}))
  await expect.poll(() => shownOne.value?.tensor).toBe('w')
  tensor.value = 'v'
  expect(shownOne.value).toBeNull()
  await expect.poll(() => questions.length).toBe(3)
  questions[2]!.reject(cancelled())
  await expect.poll(() => one.error.value?.code).toBe('cancelled')
  expect(shownOne.value).toBeNull()
  scope.stop()
})
