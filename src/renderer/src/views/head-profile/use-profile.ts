import { computed } from 'vue'
import { headContextsOf } from '#common/analysis/head-contexts/contexts-of.ts'
import { headAtlas } from '#common/analysis/head-atlas/head-atlas.ts'
import { pooledNotes } from '#common/analysis/head-atlas/windows.ts'
import { contextsAround, profileDrawing } from '#common/figure/views/profile-figures.ts'
import { shownContexts } from '#common/figure/views/shown-contexts.ts'
import { useLatest } from '../../reactive/use-latest.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import { headContextsOver, headStatisticsOf } from '../../stores/analyses.ts'
import { missingPattern } from '../../stores/model-facts.ts'
import { useResults } from '../../stores/results.ts'
import { useSettings } from '../../stores/settings.ts'
import { patternLayers } from '../../ui/head-scores/pattern-layers.ts'
import { useScoredOver } from '../../ui/head-scores/use-scored-over.ts'
import type { ProfileOptions } from './profile-options.ts'

/** What one head does over a subject's text or a corpus. */
export function useProfile(
  subject: () => ViewSubject,
  options: ProfileOptions,
  mayAsk: () => boolean
) {
  const results = useResults()
  const settings = useSettings()
  const over = useScoredOver(subject, options)

  // As numbers: where a cell is selected, the place of the head is told anew.
  const layer = computed(() => subject().layer)
  const head = computed(() => subject().head)
  /** Why the head has no pattern; null where it has one. */
  const missing = computed(() => {
    const { model } = subject()
    return model && missingPattern(model, layer.value)
  })
  const asked = computed(() => {
    const { model, run } = subject()
    if (!model || !run || missing.value !== null || !mayAsk()) return null
    const { score, by, drawn, seed } = options
    const at = { layer: layer.value, head: head.value }
    const { firstToken } = settings
    const drawing = profileDrawing({ by, drawn, seed, window: over.value.window })
    const params = { ...at, score, ...drawing, first_token: firstToken }
    return {
      run,
      ...at,
      score,
      firstHidden: firstToken === 'hidden',
      over: over.value,
      contexts: headContextsOver(run, over.value, params)
    }
  })
  const contexts = useLatest(
    () => asked.value,
    async ({ contexts, ...of }, signal) => {
      const result = await results.ask(contexts, signal)
      return { ...of, result, ...shownContexts(headContextsOf(result), contextsAround) }
    }
  )
  const isAsked = computed(() => asked.value !== null)
  /** Of all heads, whichever is looked at: p is corrected for their number. */
  const statistics = computed(() => {
    const { model, run } = subject()
    if (!model || !run || !isAsked.value) return null
    const { scored: layers } = patternLayers(model)
    return headStatisticsOf(run, over.value, { layers, classes: {} })
  })
  const scores = useLatest(
    () => statistics.value,
    async (asked, signal) => {
      const result = await results.ask(asked, signal)
      return { atlas: headAtlas(result, null), notes: pooledNotes(result) }
    }
  )
  const own = computed(() => {
    const { heads = [] } = scores.value.value?.atlas ?? {}
    return heads.find(each => each.layer === layer.value && each.head === head.value) ?? null
  })

  return {
    ...{ over, missing, asked, contexts, scores, own },
    reading: computed(() => results.workOf(asked.value?.contexts ?? null)),
    scoring: computed(() => results.workOf(statistics.value))
  }
}
