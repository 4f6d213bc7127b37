import { computed, effectScope, reactive, shallowRef } from 'vue'
import { afterEach, expect, it, vi } from 'vitest'
import { axis, dataset } from '#common/data/dataset.ts'
import { LamellaError } from '#common/model/errors.ts'
import { GridOptions } from '../../../../src/renderer/src/views/attention/grid-options.ts'
import { useGridOrder } from '../../../../src/renderer/src/views/attention/use-grid-order.ts'
import { model, run } from '../../fake-client.ts'
import { askingStores } from '../../fake-results.ts'

afterEach(() => vi.unstubAllGlobals())

it('orders heads by no other text once this one could not be scored', async () => {
  const questions = askingStores()
  const letters = model('letters', { hooks: ['blocks.0.attn.hook_pattern'] })
  const text = shallowRef('a cat')
  const scope = effectScope()
  const { first, error, note } = scope.run(() =>
    useGridOrder(
      reactive(GridOptions.parse({ order: 'entropy' })),
      computed(() => ({ model: letters, run: run(letters, text.value) })),
      computed(() => null),
      computed(() => false)
    )
  )!
  await expect.poll(() => questions.length).toBe(1)
  questions[0]!.resolve(
    dataset(
      { layer: axis(1), head: axis(4) },
      {
        entropy: {
          ...{ axes: ['layer', 'head'], unit: 'nats', about: '' },
          data: Float64Array.of(1, 4, 2, 3)
        }
      }
    )
  )
  await expect.poll(() => first.value?.map(({ head }) => head)).toEqual([1, 3, 2, 0])
  expect(note.value).toBe('Heads of 1 of 3 layers: the others have not run.')
  text.value = 'a dog'
  await expect.poll(() => questions.length).toBe(2)
  expect(first.value?.length).toBe(4)
  questions[1]!.reject(new LamellaError('engine-failed', 'The engine stopped'))
  await expect.poll(() => error.value?.message).toBe('The engine stopped')
  expect(first.value).toBeNull()
  scope.stop()
})
