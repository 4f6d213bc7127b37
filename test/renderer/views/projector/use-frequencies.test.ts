import { effectScope, reactive, shallowRef } from 'vue'
import { afterEach, expect, it, vi } from 'vitest'
import { axis, dataset } from '#common/data/dataset.ts'
import { cancelled } from '#common/model/errors.ts'
import type { ViewSubject } from '../../../../src/renderer/src/reactive/use-subject.ts'
import { useLibrary } from '../../../../src/renderer/src/stores/library.ts'
import { ProjectorOptions } from '../../../../src/renderer/src/views/projector/projector-options.ts'
import { useFrequencies } from '../../../../src/renderer/src/views/projector/use-frequencies.ts'
import { model } from '../../fake-client.ts'
import { askingStores } from '../../fake-results.ts'

afterEach(() => vi.unstubAllGlobals())

const corpus = (name: string) => ({
  ...{ kind: 'corpus' as const, name, at: 0, window: 8, stride: 8 },
  of: { texts: [name] }
})
const ranked = (rank: number) =>
  dataset(
    { token: axis(1) },
    { rank: { axes: ['token'], unit: '', about: '', data: Int32Array.of(rank) } }
  )

it('tells no ranks of another corpus or vocabulary', async () => {
  const questions = askingStores()
  useLibrary().items = [corpus('play'), corpus('poem')] as never
  const of = shallowRef(model('letters'))
  const options = reactive(ProjectorOptions.parse({ color: 'frequency', frequencyOf: 'play' }))
  const scope = effectScope()
  const { ranks } = scope.run(() =>
    useFrequencies(() => ({ model: of.value }) as ViewSubject, options)
  )!
  const told = () => ranks.value && [ranks.value.name, ranks.value.ranks?.[0]]
  questions[0]!.resolve(ranked(3))
  await expect.poll(told).toEqual(['in play', 3])
  options.frequencyOf = 'poem'
  expect(told()).toBeNull()
  await expect.poll(() => questions.length).toBe(2)
  questions[1]!.resolve(ranked(5))
  await expect.poll(told).toEqual(['in poem', 5])
  of.value = model('words')
  expect(told()).toBeNull()
  await expect.poll(() => questions.length).toBe(3)
  questions[2]!.reject(cancelled())
  await new Promise(resolve => setTimeout(resolve))
  expect(told()).toBeNull()
  scope.stop()
})
