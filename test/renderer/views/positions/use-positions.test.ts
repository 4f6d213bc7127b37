import { effectScope, shallowRef } from 'vue'
import { afterEach, expect, it, vi } from 'vitest'
import { axis, dataset } from '#common/data/dataset.ts'
import { LamellaError } from '#common/model/errors.ts'
import type { ViewSubject } from '../../../../src/renderer/src/reactive/use-subject.ts'
import { PositionsOptions } from '../../../../src/renderer/src/views/positions/positions-options.ts'
import { usePositions } from '../../../../src/renderer/src/views/positions/use-positions.ts'
import { answering, model } from '../../fake-client.ts'
import { askingStores } from '../../fake-results.ts'

afterEach(() => vi.unstubAllGlobals())

const matrix = (rows: number) =>
  dataset(
    { position: axis(rows), dimension: axis(2) },
    {
      matrix: {
        ...{ axes: ['position', 'dimension'], unit: '', about: '' },
        data: new Float64Array(rows * 2)
      }
    }
  )

it('sets sines and cosines beside the matrix that they are as large as, and none beside another model’s', async () => {
  const questions = askingStores()
  answering({})
  const of = (name: string) => ({ model: model(name), run: null, layer: 0, head: 0 }) as never
  const subject = shallowRef<ViewSubject>(of('before'))
  const options = PositionsOptions.parse({ beside: true })
  const scope = effectScope()
  const { own, beside } = scope.run(() => usePositions(() => subject.value, options))!
  const names = () => questions.map(({ asked }) => asked.of)
  const shown = () => [own.value.value?.model.name, beside.current.value?.model.name]
  questions[0]!.resolve(matrix(4))
  await expect.poll(() => questions.length).toBe(2)
  questions[1]!.resolve(matrix(4))
  await expect.poll(shown).toEqual(['before', 'before'])

  subject.value = of('now')
  await expect.poll(() => questions.length).toBe(3)
  // Both stay, of one model, while the next one is looked at.
  expect(shown()).toEqual(['before', 'before'])
  questions[2]!.resolve(matrix(8))
  await expect.poll(shown).toEqual(['now', undefined])
  await expect.poll(() => questions.length).toBe(4)
  expect(names()).toEqual(['before', 'before', 'now', 'now'].map(name => `id of ${name}`))
  questions[3]!.reject(new LamellaError('engine-failed', 'The engine stopped'))
  await expect.poll(() => beside.error.value).not.toBeNull()
  expect(shown()).toEqual(['now', undefined])
  scope.stop()
})
