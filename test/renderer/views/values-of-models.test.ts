import { effectScope, reactive, shallowRef } from 'vue'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { axis, dataset, type Dataset } from '#common/data/dataset.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { cancelled } from '#common/model/errors.ts'
import type { NamedCorpus } from '#common/model/library.ts'
import type { ViewSubject } from '../../../src/renderer/src/reactive/use-subject.ts'
import { useLibrary } from '../../../src/renderer/src/stores/library.ts'
import { AtlasOptions } from '../../../src/renderer/src/views/head-atlas/atlas-options.ts'
import { useAtlas } from '../../../src/renderer/src/views/head-atlas/use-atlas.ts'
import { GroupsOptions } from '../../../src/renderer/src/views/head-groups/groups-options.ts'
import { useGroups } from '../../../src/renderer/src/views/head-groups/use-groups.ts'
import { ProfileOptions } from '../../../src/renderer/src/views/head-profile/profile-options.ts'
import { useOwnScores } from '../../../src/renderer/src/views/head-profile/use-own-scores.ts'
import { PositionsOptions } from '../../../src/renderer/src/views/positions/positions-options.ts'
import { usePositions } from '../../../src/renderer/src/views/positions/use-positions.ts'
import { useSum } from '../../../src/renderer/src/views/positions/use-sum.ts'
import { TimelineOptions } from '../../../src/renderer/src/views/timeline/timeline-options.ts'
import { useTimeline } from '../../../src/renderer/src/views/timeline/use-timeline.ts'
import { LayersOptions } from '../../../src/renderer/src/views/weights-by-layer/layers-options.ts'
import { useLayerValues } from '../../../src/renderer/src/views/weights-by-layer/use-layer-values.ts'
import { answering, model, run } from '../fake-client.ts'
import { askingStores } from '../fake-results.ts'

afterEach(() => vi.unstubAllGlobals())

const variable = (axes: string[], ...data: number[]) => ({
  ...{ axes, unit: '', about: '' },
  data: Float64Array.from(data)
})
const nothing = dataset({}, {})
const scored = dataset(
  { score: axis([]), layer: axis(1), head: axis(1), offset: axis(1) },
  { offset: variable(['layer', 'head', 'offset'], 1) }
)
const grouped = dataset(
  { head: axis(['0.0']), merge: axis(0), part: axis(4), across: axis(2) },
  {
    queries: variable([], 1),
    js: variable(['head', 'head'], 0),
    ward: variable(['merge', 'part']),
    ward_leaves: variable(['head'], 0),
    map: variable(['head', 'across'], 0, 0),
    mds_stress: variable([], 0)
  }
)
const byLayer = dataset(
  { tensor: axis(['h.0.w']) },
  {
    std: variable(['tensor'], 1),
    layer: variable(['tensor'], 0),
    head: variable(['tensor'], NaN)
  }
)

interface Case {
  readonly name: string
  readonly start: (subject: () => ViewSubject) => {
    readonly value: { readonly value: { readonly model: ModelInfo } | null }
    readonly error: { readonly value: unknown }
  }
  readonly result: Dataset
}
const asksAll = () => true
const cases: readonly Case[] = [
  {
    name: 'an atlas',
    start: subject => useAtlas(subject, AtlasOptions.parse({}), asksAll).latest,
    result: scored
  },
  {
    name: 'groups of heads',
    start: subject => useGroups(subject, GroupsOptions.parse({ by: 'patterns' }), asksAll).latest,
    result: grouped
  },
  {
    name: 'scores of a head',
    start: subject => useOwnScores(subject, ProfileOptions.parse({}), asksAll).scores,
    result: scored
  },
  {
    name: 'positions',
    start: subject => usePositions(subject, PositionsOptions.parse({})).own,
    result: nothing
  },
  {
    name: 'tokens and positions',
    start: subject => useSum(subject).latest,
    result: nothing
  },
  {
    name: 'a timeline',
    start: subject =>
      useTimeline(subject, TimelineOptions.parse({ of: 'weight-statistics.std' })).latest,
    result: nothing
  },
  {
    name: 'weights by layer',
    start: subject => useLayerValues(() => subject().model!, LayersOptions.parse({})).latest,
    result: byLayer
  }
]

describe('what is saved names the model that it is of, also once another one is looked at:', () => {
  it.each(cases)('$name', async ({ start, result }) => {
    const questions = askingStores()
    answering({ 'models.checkpoints': () => ({ path: '/', checkpoints: [] }) as never })
    const of = (name: string) => {
      const own = model(name, {
        hooks: ['blocks.0.attn.hook_pattern'],
        absent: 'gone' as never,
        tensors: [
          {
            ...{ name: 'h.0.w', layer: 0, dtype: 'F32', shape: [2, 2] },
            ...{ tiedTo: null, parameters: 4 }
          } as never
        ]
      })
      return { model: own, run: run(own, 'abc'), layer: 0, head: 0 } as ViewSubject
    }
    const [before, now] = [of('checkpoint-500'), of('checkpoint-1000')]
    const subject = shallowRef(before)
    const scope = effectScope()
    const { value, error } = scope.run(() => start(() => subject.value))!
    const answered = new Set<unknown>()
    await expect.poll(() => questions.length).toBeGreaterThan(0)
    const answer = (each: (question: (typeof questions)[number]) => void) => {
      for (const question of questions) if (!answered.has(question)) each(question)
      for (const question of questions) answered.add(question)
    }
    await expect
      .poll(() => {
        answer(({ resolve }) => resolve(result))
        return value.value?.model.id
      })
      .toBe(before.model!.id)
    subject.value = now
    await expect
      .poll(() => {
        answer(({ reject }) => reject(cancelled()))
        return error.value
      })
      .not.toBeNull()
    expect(value.value?.model.id).toBe(before.model!.id)
    scope.stop()
  })
})

it('a timeline over a corpus is saved as of that corpus, also where another text could not be followed', async () => {
  const questions = askingStores()
  answering({ 'models.checkpoints': () => ({ path: '/', checkpoints: [] }) as never })
  const corpus: NamedCorpus = {
    ...{ kind: 'corpus', name: 'plays', window: 16, stride: null },
    of: { texts: [{ name: 'a line', input: { text: 'To be' } }] }
  }
  useLibrary().items = [corpus]
  const own = model('checkpoint-500', { absent: 'gone' as never })
  const subject = { model: own, run: run(own, 'abc'), layer: 0, head: 0 } as ViewSubject
  const options = reactive(TimelineOptions.parse({ of: 'head-scores.entropy', over: 'plays' }))
  const scope = effectScope()
  const { latest } = scope.run(() => useTimeline(() => subject, options))!
  await expect.poll(() => questions.length).toBe(1)
  questions[0]!.resolve(nothing)
  await expect.poll(() => latest.value.value?.result).toBe(nothing)
  options.over = null
  await expect.poll(() => questions.length).toBe(2)
  questions[1]!.reject(cancelled())
  await expect.poll(() => latest.error.value).not.toBeNull()
  expect(latest.value.value).toMatchObject({
    ...{ model: own, run: subject.run },
    over: { corpus, window: 16, stride: null }
  })
  scope.stop()
})
