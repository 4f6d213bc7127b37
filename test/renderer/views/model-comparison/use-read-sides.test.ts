import { createPinia, setActivePinia } from 'pinia'
import { computed, shallowRef } from 'vue'
import { expect, it } from 'vitest'
import type { ReadSide } from '#common/figure/views/compared-heads-figures.ts'
import { useReadSides } from '../../../../src/renderer/src/views/model-comparison/use-read-sides.ts'
import { answering, model } from '../../fake-client.ts'

it('names the models that a comparison is of, also while others are looked at', () => {
  setActivePinia(createPinia())
  answering({ 'models.recent': () => [] })
  const [letters, words] = [model('letters'), model('words')]
  const came = shallowRef<ReadSide | null>(null)
  const subject = shallowRef({ model: letters })
  const { read, names, namesNow } = useReadSides(
    { subject: () => subject.value, latest: { value: computed(() => came.value) } },
    {
      subject: () => ({ model: words }),
      latest: { value: computed(() => ({ model: words }) as ReadSide) }
    }
  )
  expect([read.value, names.value]).toEqual([null, ['letters', 'words']])
  came.value = { model: letters } as ReadSide
  subject.value = { model: model('notes') }
  expect(read.value).not.toBeNull()
  expect(names.value).toEqual(['letters', 'words'])
  expect(namesNow.value).toEqual(['notes', 'words'])
})
