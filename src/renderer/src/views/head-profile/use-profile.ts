import { computed } from 'vue'
import { headContextsOf } from '#common/analysis/head-contexts/contexts-of.ts'
import { contextsAround, profileDrawing } from '#common/figure/views/profile-figures.ts'
import { shownContexts } from '#common/figure/views/shown-contexts.ts'
import { useFailure } from '../../reactive/use-failure.ts'
import { useLatest } from '../../reactive/use-latest.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import { headContextsOver } from '../../stores/analyses.ts'
import { useResults } from '../../stores/results.ts'
import { useSettings } from '../../stores/settings.ts'
import type { ProfileOptions } from './profile-options.ts'
import { useOwnScores } from './use-own-scores.ts'

/** What one head does over a subject's text or a corpus. */
export function useProfile(
  subject: () => ViewSubject,
  options: ProfileOptions,
  mayAsk: () => boolean
) {
  const results = useResults()
  const settings = useSettings()
  const { over, missing, scores, own, scoring } = useOwnScores(subject, options, mayAsk)

  // As numbers: where a cell is selected, the place of the head is told anew.
  const layer = computed(() => subject().layer)
  const head = computed(() => subject().head)
  const asked = computed(() => {
    const { model, run } = subject()
    if (!model || !run || missing.value !== null || !mayAsk()) return null
    const { score, by, drawn, seed } = options
    const at = { layer: layer.value, head: head.value }
    const { firstToken } = settings
    const drawing = profileDrawing({ by, drawn, seed, window: over.value.window })
    const params = { ...at, score, ...drawing, first_token: firstToken }
    return {
      ...{ model, run },
      ...at,
      ...{ score, by, drawn, seed },
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
  // What is stopped is stopped together.
  const { retry } = useFailure(() => [contexts, scores])
  return {
    ...{ over, missing, asked, contexts, scores, own, scoring, retry },
    reading: computed(() => results.workOf(asked.value?.contexts ?? null))
  }
}
