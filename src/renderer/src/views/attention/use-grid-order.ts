import { computed, type ComputedRef } from 'vue'
import {
  ranked,
  scoredHeads,
  scoredLess,
  type ScoredHead
} from '#common/analysis/head-scores/ranking.ts'
import { rankedBy } from '#common/figure/views/ranking-figure.ts'
import type { LamellaError } from '#common/model/errors.ts'
import { useSettings } from '../../stores/settings.ts'
import { orderKind, type GridOptions } from './grid-options.ts'
import type { ScoredRun } from './order-formats.ts'
import { useScoredLayers } from './use-scored-layers.ts'
import type { RunOfModel } from './use-small-maps.ts'

/**
 * The heads of one or two runs in the order that is chosen; null while they stand by their place.
 * @param isDifference of two that are compared there is one grid, of the first less the second
 */
export function useGridOrder(
  options: GridOptions,
  own: ComputedRef<RunOfModel | null>,
  other: ComputedRef<RunOfModel | null>,
  isDifference: ComputedRef<boolean>
) {
  const settings = useSettings()
  const kind = computed(() => orderKind(options.order))
  const scoredOwn = useScoredLayers(() => (kind.value ? own.value : null))
  const scoredOther = useScoredLayers(() => (kind.value ? other.value : null))
  const both = [scoredOwn, scoredOther]

  /** Every head with its score, by place; null before they are there, or where they are another model's. */
  function allOf(
    { model }: RunOfModel,
    { latest }: ReturnType<typeof useScoredLayers>
  ): ScoredHead[] | null {
    const of = kind.value
    const scored = latest.standing.value
    if (!of || !scored || scored.run.modelId !== model.id) return null
    return [...scored.results.values()].flatMap(result => scoredHeads(result, of))
  }
  /** A run with what `head-scores` came to of its layers. */
  function scoredRun(of: RunOfModel): ScoredRun {
    const standing = both.flatMap(({ latest }) => latest.standing.value ?? [])
    const scored = standing.find(({ run }) => run.id === of.run.id)
    return { ...of, results: [...(scored?.results.values() ?? [])] }
  }
  const all = computed(() => own.value && allOf(own.value, scoredOwn))
  const allOther = computed(() => other.value && allOf(other.value, scoredOther))
  const first = computed(() => {
    if (!isDifference.value || !all.value) return all.value && ranked(all.value, options)
    return allOther.value && ranked(scoredLess(all.value, allOther.value), options)
  })

  const work = computed(() => scoredOwn.work.value ?? scoredOther.work.value)
  const error = computed<LamellaError | null>(() => {
    const errors = both.map(({ latest }) => latest.error.value)
    return errors.find(each => each !== null && each.code !== 'cancelled') ?? null
  })
  /** What is left out, or otherwise than it seems. */
  const note = computed(() => {
    if (!kind.value || !all.value || !own.value) return null
    const layers = own.value.model.config?.nLayers ?? 0
    const have = scoredOwn.latest.standing.value?.results.size ?? 0
    const notes = [
      ...(have < layers ? [`Heads of ${have} of ${layers} layers: the others have not run.`] : []),
      ...(all.value.length > 0 && all.value.every(({ value }) => Number.isNaN(value))
        ? ['No token of this text repeats: no head has this score.']
        : []),
      ...(settings.firstToken === 'hidden'
        ? ['Scores are of whole rows, first token included.']
        : [])
    ]
    return notes.join(' ') || null
  })

  return {
    first,
    scoredRun,
    second: computed(() => allOther.value && ranked(allOther.value, options)),
    kind,
    /** The score, in words. */
    score: computed(() => (kind.value ? rankedBy(kind.value, isDifference.value) : '')),
    work,
    error,
    note,
    cancelled: computed(() => both.some(({ latest }) => latest.error.value?.code === 'cancelled')),
    retry: () => both.forEach(({ latest }) => latest.error.value && latest.retry())
  }
}
