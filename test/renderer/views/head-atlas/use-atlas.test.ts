import { effectScope, reactive } from 'vue'
import { afterEach, expect, it, vi } from 'vitest'
import { axis, dataset } from '#common/data/dataset.ts'
import { cancelled } from '#common/model/errors.ts'
import type { ViewSubject } from '../../../../src/renderer/src/reactive/use-subject.ts'
import { AtlasOptions } from '../../../../src/renderer/src/views/head-atlas/atlas-options.ts'
import { useAtlas } from '../../../../src/renderer/src/views/head-atlas/use-atlas.ts'
import { model, run } from '../../fake-client.ts'
import { askingStores } from '../../fake-results.ts'

afterEach(() => vi.unstubAllGlobals())

it('keeps with its scores the classes that they are of, also once others were stopped', async () => {
  const questions = askingStores()
  const letters = model('letters', { hooks: ['blocks.0.attn.hook_pattern'] })
  const subject = { model: letters, run: run(letters, 'abc'), layer: 0, head: 0 } as ViewSubject
  const options = reactive(AtlasOptions.parse({ classes: { vowel: '[ae]' } }))
  const scope = effectScope()
  const { latest } = scope.run(() =>
    useAtlas(
      () => subject,
      options,
      () => true
    )
  )!
  await expect.poll(() => questions.length).toBe(1)
  questions[0]!.resolve(
    dataset(
      { score: axis([]), layer: axis(1), head: axis(1), offset: axis(1) },
      {
        offset: {
          ...{ axes: ['layer', 'head', 'offset'], unit: '', about: '' },
          data: Float64Array.of(1)
        }
      }
    )
  )
  await expect.poll(() => latest.value.value).not.toBeNull()
  options.classes = { vowel: '[aeiou]' }
  await expect.poll(() => questions.length).toBe(2)
  questions[1]!.reject(cancelled())
  await expect.poll(() => latest.error.value?.code).toBe('cancelled')
  expect(latest.value.value?.classes).toEqual({ vowel: '[ae]' })
  scope.stop()
})
