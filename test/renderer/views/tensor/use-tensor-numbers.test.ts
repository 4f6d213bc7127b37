import { effectScope, shallowRef } from 'vue'
import { afterEach, expect, it, vi } from 'vitest'
import { cancelled } from '#common/model/errors.ts'
import {
  useTensorNumbers,
  type WantedNumbers
} from '../../../../src/renderer/src/views/tensor/use-tensor-numbers.ts'
import { model } from '../../fake-client.ts'
import { askingStores } from '../../fake-results.ts'

afterEach(() => vi.unstubAllGlobals())

it('are of the model, tensor and form that are wanted, or none', async () => {
  const questions = askingStores()
  const [early, late] = [model('checkpoint-500'), model('checkpoint-1000')]
  const wanted = shallowRef<WantedNumbers>({ model: early, tensor: 'w', form: 'numbers' })
  const scope = effectScope()
  const { numbers } = scope.run(() => useTensorNumbers(() => wanted.value))!
  const result = { of: 'checkpoint-500' }
  questions[0]!.resolve(result)
  await expect.poll(() => numbers.current.value).toBe(result)
  // Its tensors are called as those of the one before.
  wanted.value = { ...wanted.value, model: late }
  expect(numbers.current.value).toBeNull()
  await expect.poll(() => questions.length).toBe(2)
  expect(questions[1]!.asked.modelId).toBe(late.id)
  questions[1]!.reject(cancelled())
  await expect.poll(() => numbers.error.value?.code).toBe('cancelled')
  expect(numbers.current.value).toBeNull()
  wanted.value = { ...wanted.value, model: early }
  await expect.poll(() => questions.length).toBe(3)
  questions[2]!.resolve(result)
  await expect.poll(() => numbers.current.value).toBe(result)
  wanted.value = { ...wanted.value, form: 'spectrum' }
  expect(numbers.current.value).toBeNull()
  await expect.poll(() => questions.length).toBe(4)
  questions[3]!.resolve(result)
  await expect.poll(() => numbers.current.value).toBe(result)
  wanted.value = { ...wanted.value, tensor: 'v' }
  expect(numbers.current.value).toBeNull()
  scope.stop()
})
