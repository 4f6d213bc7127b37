import { effectScope, reactive, shallowRef } from 'vue'
import { afterEach, expect, it, vi } from 'vitest'
import { axis, dataset } from '#common/data/dataset.ts'
import { cancelled } from '#common/model/errors.ts'
import type { ViewSubject } from '../../../../src/renderer/src/reactive/use-subject.ts'
import { ProjectorOptions } from '../../../../src/renderer/src/views/projector/projector-options.ts'
import { shownPoints } from '#common/analysis/project/shown-points.ts'
import { useClusters } from '../../../../src/renderer/src/views/projector/use-clusters.ts'
import { model } from '../../fake-client.ts'
import { askingStores } from '../../fake-results.ts'

afterEach(() => vi.unstubAllGlobals())

const variable = (axes: string[], ...data: number[]) => ({
  ...{ axes, unit: '', about: '' },
  data: Int32Array.from(data)
})
const threePoints = dataset(
  { point: axis(['a', 'b', 'c']), dimension: axis(['PC 1', 'PC 2']) },
  {
    places: variable(['point', 'dimension'], 1, 2, 3, 4, 5, 6),
    index: variable(['point'], 0, 1, 2),
    norm: variable(['point'], 1, 1, 1),
    kind: variable(['point'], 0, 0, 0),
    ratio: variable(['dimension'], 1, 0),
    trustworthiness: variable([], 1)
  },
  { set: 'input', points: 'all 3', trust_neighbours: 1 }
)
/** Three points in clusters. */
const clustered = (...of: number[]) =>
  dataset(
    { point: axis(3), cluster: axis(1), one: axis(1) },
    {
      cluster: variable(['point'], ...of),
      index: variable(['point'], 0, 1, 2),
      size: variable(['cluster'], 3),
      centre: variable(['cluster'], 1),
      between: variable(['one'], 0)
    }
  )

it('are of the vectors that are points, also where others are as many', async () => {
  const questions = askingStores()
  const shown = { key: 'shown', points: shownPoints(threePoints) }
  const of = shallowRef(model('checkpoint-500'))
  const options = reactive(ProjectorOptions.parse({ color: 'cluster', set: 'input', clusters: 2 }))
  const scope = effectScope()
  const { clusters, error } = scope.run(() =>
    useClusters(
      () => ({ model: of.value, layer: 0 }) as ViewSubject,
      () => shown,
      () => null,
      options
    )
  )!
  const found = () => clusters.value && [...clusters.value.cluster]
  questions[0]!.resolve(clustered(0, 1, 0))
  await expect.poll(found).toEqual([0, 1, 0])
  // Of the same points more clusters are on their way.
  options.clusters = 3
  expect(found()).toEqual([0, 1, 0])
  await expect.poll(() => questions.length).toBe(2)
  questions[1]!.resolve(clustered(0, 1, 2))
  await expect.poll(found).toEqual([0, 1, 2])
  // Where those could not be had, the ones before are not as many as are wanted.
  options.clusters = 4
  await expect.poll(() => questions.length).toBe(3)
  questions[2]!.reject(cancelled())
  await expect.poll(() => error.value?.code).toBe('cancelled')
  expect(found()).toBeNull()
  options.clusters = 3
  await expect.poll(() => questions.length).toBe(4)
  questions[3]!.resolve(clustered(0, 1, 2))
  await expect.poll(found).toEqual([0, 1, 2])
  of.value = model('checkpoint-1000')
  expect(found()).toBeNull()
  scope.stop()
})
