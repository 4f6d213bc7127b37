import { effectScope, reactive } from 'vue'
import { afterEach, expect, it, vi } from 'vitest'
import { axis, dataset } from '#common/data/dataset.ts'
import { cancelled } from '#common/model/errors.ts'
import type { ViewSubject } from '../../../../src/renderer/src/reactive/use-subject.ts'
import { ProfileOptions } from '../../../../src/renderer/src/views/head-profile/profile-options.ts'
import { useProfile } from '../../../../src/renderer/src/views/head-profile/use-profile.ts'
import { model, run } from '../../fake-client.ts'
import { askingStores } from '../../fake-results.ts'

afterEach(() => vi.unstubAllGlobals())

const variable = (axes: string[], ...data: number[]) => ({
  ...{ axes, unit: '', about: '' },
  data: Float64Array.from(data)
})
/** Contexts of no query. */
const none = dataset(
  { place: axis(1), context: axis([]), cell: axis(0), bin: axis(0) },
  {
    ...{ token: variable(['context', 'place']), weight: variable(['context', 'place']) },
    ...{ queries: variable([], 0), without: variable([], 0), mean: variable([], NaN) },
    ...{ 'cell.queries': variable(['cell']), 'bin.queries': variable(['bin']) }
  },
  { tokens: [] }
)

it('goes on with the scores, too, where both were stopped', async () => {
  const questions = askingStores()
  const letters = model('letters', { hooks: ['blocks.0.attn.hook_pattern'] })
  const subject = { model: letters, run: run(letters, 'abc'), layer: 0, head: 0 } as ViewSubject
  const scope = effectScope()
  const { contexts, scores, retry } = scope.run(() =>
    useProfile(
      () => subject,
      ProfileOptions.parse({}),
      () => true
    )
  )!
  const names = () => questions.map(({ asked }) => asked.name)
  await expect.poll(names).toEqual(['head-statistics', 'head-contexts'])
  for (const { reject } of questions) reject(cancelled())
  const codes = () => [contexts, scores].map(({ error }) => error.value?.code)
  await expect.poll(codes).toEqual(['cancelled', 'cancelled'])
  retry()
  await expect.poll(() => names().slice(2).sort()).toEqual(['head-contexts', 'head-statistics'])
  scope.stop()
})

it('keeps with its contexts how they were drawn, also once others were stopped', async () => {
  const questions = askingStores()
  const letters = model('letters', { hooks: ['blocks.0.attn.hook_pattern'] })
  const subject = { model: letters, run: run(letters, 'abc'), layer: 0, head: 0 } as ViewSubject
  const options = reactive(ProfileOptions.parse({ seed: 1 }))
  const scope = effectScope()
  const { contexts } = scope.run(() =>
    useProfile(
      () => subject,
      options,
      () => true
    )
  )!
  const drawn = () => questions.filter(({ asked }) => asked.name === 'head-contexts')
  await expect.poll(() => drawn().length).toBe(1)
  drawn()[0]!.resolve(none)
  await expect.poll(() => contexts.value.value).not.toBeNull()
  options.seed = 2
  options.by = 'range'
  await expect.poll(() => drawn().length).toBe(2)
  drawn()[1]!.reject(cancelled())
  await expect.poll(() => contexts.error.value?.code).toBe('cancelled')
  expect(contexts.value.value).toMatchObject({ seed: 1, by: 'count', drawn: 5 })
  scope.stop()
})
