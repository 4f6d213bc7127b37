import { computed } from 'vue'
import { headAtlas } from '#common/analysis/head-atlas/head-atlas.ts'
import { windowNotes } from '#common/analysis/head-atlas/windows.ts'
import { useLatest } from '../../reactive/use-latest.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import { headStatisticsOf } from '../../stores/analyses.ts'
import { missingPattern } from '../../stores/model-facts.ts'
import { useResults } from '../../stores/results.ts'
import { sameHead } from '../../stores/selection.ts'
import { patternLayers } from '../../ui/head-scores/pattern-layers.ts'
import { useScoredOver, type OverOptions } from '../../ui/head-scores/use-scored-over.ts'

/** The scores of the head that a subject is at, over its text or a corpus. */
export function useOwnScores(
  subject: () => ViewSubject,
  options: OverOptions,
  mayAsk: () => boolean
) {
  const results = useResults()
  const over = useScoredOver(subject, options)
  /** Why the head has no pattern; null where it has one. */
  const missing = computed(() => {
    const { model, layer } = subject()
    return model && missingPattern(model, layer)
  })
  /** Of all heads, whichever is looked at: p is corrected for their number. */
  const statistics = computed(() => {
    const { model, run } = subject()
    if (!model || !run || missing.value !== null || !mayAsk()) return null
    const { scored: layers } = patternLayers(model)
    return {
      ...{ model, run },
      over: over.value,
      asked: headStatisticsOf(run, over.value, { layers, classes: {} })
    }
  })
  const scores = useLatest(
    () => statistics.value,
    async ({ asked, ...of }, signal) => {
      const result = await results.ask(asked, signal)
      return { ...of, result, atlas: headAtlas(result, null), notes: windowNotes(result) }
    }
  )
  const own = computed(() => {
    const { layer, head } = subject()
    return scores.value.value?.atlas.heads.find(each => sameHead(each, { layer, head })) ?? null
  })
  const scoring = computed(() => results.workOf(statistics.value?.asked ?? null))
  return { over, missing, scores, own, scoring }
}
