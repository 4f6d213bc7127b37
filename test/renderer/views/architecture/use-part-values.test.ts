import { effectScope, shallowRef } from 'vue'
import { afterEach, expect, it, vi } from 'vitest'
import { axis, dataset } from '#common/data/dataset.ts'
import type { SpaceParts } from '#common/figure/views/architecture-space.ts'
import { layerStatistics } from '#common/figure/views/weights-by-layer.ts'
import { cancelled } from '#common/model/errors.ts'
import { ArchitectureOptions } from '../../../../src/renderer/src/views/architecture/architecture-options.ts'
import { usePartValues } from '../../../../src/renderer/src/views/architecture/use-part-values.ts'
import { model } from '../../fake-client.ts'
import { askingStores } from '../../fake-results.ts'

afterEach(() => vi.unstubAllGlobals())

it('colours parts of a model by its own numbers alone', async () => {
  const questions = askingStores()
  const { name } = layerStatistics.find(
    ({ analysis, quartiles }) => analysis !== 'spectrum' && !quartiles
  )!
  const parts = {
    parts: [{}],
    tensors: [[{ name: 'w', shape: [2, 2], dtype: 'F32', parameters: 4 }]]
  } as unknown as SpaceParts
  const of = shallowRef(model('checkpoint-500'))
  const scope = effectScope()
  const { numbers, latest } = scope.run(() =>
    usePartValues(
      () => of.value,
      () => parts,
      ArchitectureOptions.parse({ color: name })
    )
  )!
  questions[0]!.resolve(
    dataset(
      { tensor: axis(['w']) },
      {
        [name]: { axes: ['tensor'], unit: '', about: '', data: Float64Array.of(7) }
      }
    )
  )
  await expect.poll(() => numbers.value?.values).toEqual([7])
  of.value = model('checkpoint-1000')
  expect(numbers.value).toBeNull()
  await expect.poll(() => questions.length).toBe(2)
  questions[1]!.reject(cancelled())
  await expect.poll(() => latest.error.value?.code).toBe('cancelled')
  expect(numbers.value).toBeNull()
  scope.stop()
})
