import { computed, ref } from 'vue'
import type { CheckpointFolder, ModelInfo, Run } from '#common/contract/schemas.ts'
import type { Dataset } from '#common/data/dataset.ts'
import {
  followedNumbers,
  followsText,
  type FollowedNumber
} from '#common/figure/views/timeline-view.ts'
import { weightRoles, type WeightRole } from '#common/model/weight-view.ts'
import { useLatest } from '../../reactive/use-latest.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import { timelineOver, type AnalysisParams, type ScoredOver } from '../../stores/analyses.ts'
import { useClient } from '../../stores/client.ts'
import { useCorpora } from '../../stores/corpora.ts'
import { useResults } from '../../stores/results.ts'
import { ofWeights } from '../../stores/weight-analyses.ts'
import type { TimelineOptions } from './timeline-options.ts'

/** Parameters of all checkpoints together that are read unasked: some seconds. */
const fewParameters = 2e8

/** A timeline as it came. */
export interface ShownTimeline {
  /** One of the checkpoints, and its run where a text is read. */
  readonly model: ModelInfo
  readonly run: Run | null
  readonly number: FollowedNumber
  readonly params: AnalysisParams
  readonly result: Dataset
  readonly over: ScoredOver | null
}

/** The roles that weights are followed by: those of heads, of blocks and of the model, without the small biases. */
export const followedRoles = (Object.keys(weightRoles) as WeightRole[]).filter(role =>
  role.startsWith('W_')
)

/** A number through the checkpoints around a subject's model. */
export function useTimeline(subject: () => ViewSubject, options: TimelineOptions) {
  const results = useResults()
  const corpora = useCorpora()
  const model = computed(() => subject().model!)

  const folder = useLatest(
    () => ({ path: model.value.path }),
    ({ path }, signal): Promise<CheckpointFolder> =>
      useClient().call('models.checkpoints', { path }, { signal })
  )
  const isRunnable = computed(() => model.value.notRunnable === null)
  const numbers = computed(() =>
    followedNumbers.filter(({ ofWeights }) => ofWeights || isRunnable.value)
  )
  const number = computed(
    () => numbers.value.find(({ of }) => of === options.of) ?? numbers.value[0]!
  )
  const roles = computed(() => (model.value.config === null ? [] : followedRoles))
  const role = computed(() => roles.value.find(own => own === options.role) ?? null)
  const params = computed((): AnalysisParams => {
    if (number.value.ofWeights) return role.value === null ? {} : { roles: [role.value] }
    return number.value.of.startsWith('random-repeat.') ? { seed: 0 } : {}
  })
  const over = computed((): ScoredOver | null => {
    if (!followsText(number.value.of)) return null
    const corpus = corpora.all.find(({ name }) => name === options.over) ?? null
    return { corpus, window: corpus?.window ?? null, stride: corpus?.stride ?? null }
  })

  /** That many parameters are read only once somebody asks for it. */
  const wanted = ref<string | null>(null)
  const isLarge = computed(() => {
    const count = folder.value.value?.checkpoints.length ?? 0
    return count * model.value.parameters > fewParameters
  })
  const folderPath = computed(() => folder.value.value?.path ?? null)
  const mayAsk = computed(() => {
    // What an open session keeps of a folder that is gone.
    if (model.value.absent !== undefined) return true
    return folderPath.value !== null && (!isLarge.value || wanted.value === folderPath.value)
  })

  const asked = computed(() => {
    const { run } = subject()
    if (!mayAsk.value) return null
    const { of, words } = number.value
    const whole = { of, params: params.value }
    const label = `Following ${words} through the checkpoints`
    if (over.value === null) return ofWeights(model.value, 'timeline', whole, label)
    return run && timelineOver(run, over.value, whole, label)
  })
  const latest = useLatest(
    () => asked.value && { key: JSON.stringify([asked.value.of, asked.value.params]) },
    async (_, signal): Promise<ShownTimeline> => {
      const of = { model: model.value, run: subject().run, over: over.value }
      const own = { ...of, number: number.value, params: params.value }
      return { ...own, result: await results.ask(asked.value!, signal) }
    }
  )
  return {
    ...{ folder, numbers, number, roles, role, over, latest },
    /** A text is wanted and none was run. */
    needsText: computed(() => over.value !== null && subject().run === null),
    isWaitedFor: computed(() => !mayAsk.value && folder.value.value !== null),
    ask: () => (wanted.value = folderPath.value),
    work: computed(() => results.workOf(asked.value))
  }
}
