import { computed } from 'vue'
import { tokensOfResult } from '#common/analysis/described-tokens.ts'
import { lensGrid } from '#common/figure/views/lens-figure.ts'
import { writtenTokens } from '#common/text/written-tokens.ts'
import { useChosenToken } from '../../reactive/use-chosen-token.ts'
import { useLatest } from '../../reactive/use-latest.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import { lensOf } from '../../stores/analyses.ts'
import { missingPredictions } from '../../stores/model-facts.ts'
import { useResults } from '../../stores/results.ts'
import type { LensOptions } from './lens-options.ts'

/** What each layer of a subject's model would say of its text. */
export function useLens(subject: () => ViewSubject, options: LensOptions, mayAsk: () => boolean) {
  const results = useResults()
  const missing = computed(() => {
    const { model } = subject()
    return model && missingPredictions(model)
  })
  const target = useChosenToken(
    () => subject().model,
    () => options.target
  )
  const wanted = computed(() => {
    const { model, run } = subject()
    if (!model || !run || missing.value !== null || !mayAsk()) return null
    if (target.value === undefined) return null
    return { model, run, part: options.part, target: target.value }
  })
  const latest = useLatest(
    () => wanted.value,
    async ({ model, run, part, target }, signal) => {
      const result = await results.ask(lensOf(run, part, target), signal)
      const tokens = writtenTokens(run)
      return { model, run, part, target, result, tokens, known: tokensOfResult(result) }
    }
  )
  const shown = computed(() => {
    const { value } = latest.value
    if (value === null) return null
    const { result, tokens, part, target, model } = value
    const { color } = options
    const dVocab = model.config?.dVocab ?? 2
    return {
      ...value,
      color,
      dVocab,
      grid: lensGrid(result, tokens, { part, color, target }, dVocab)
    }
  })
  const work = computed(() => {
    const { run, part, target } = wanted.value ?? {}
    return run && part ? results.workOf(lensOf(run, part, target ?? null)) : null
  })
  return { missing, wanted, target, latest, shown, work }
}

/** A lens as it is shown. */
export type ShownLens = NonNullable<ReturnType<typeof useLens>['shown']['value']>
