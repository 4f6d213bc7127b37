import { computed } from 'vue'
import type { Run } from '#common/contract/schemas.ts'
import { LamellaError } from '#common/model/errors.ts'
import { writtenTokens } from '#common/text/written-tokens.ts'
import { maskedParam, useHiddenTokens } from '../../reactive/use-hidden-tokens.ts'
import { useLatest } from '../../reactive/use-latest.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import { predictionsOf, tokenProbabilitiesOf } from '../../stores/analyses.ts'
import { missingPredictions } from '../../stores/model-facts.ts'
import { useResults } from '../../stores/results.ts'
import type { PredictionsOptions } from './predictions-options.ts'

/** Tokens that are listed of what is expected. */
const listed = 10

/** What a subject's model expects of its text, some of its tokens hidden where it predicts hidden ones. */
export function usePredictions(
  subject: () => ViewSubject,
  options: PredictionsOptions,
  mayAsk: () => boolean
) {
  const results = useResults()
  const missing = computed(() => {
    const { model } = subject()
    return model && missingPredictions(model)
  })
  const kind = computed(() => (missing.value === null ? (subject().model?.predicts ?? null) : null))

  const { mask, hidden, hide, without } = useHiddenTokens(subject, options)

  const wanted = computed(() => {
    const { model, run } = subject()
    if (!model || !run || kind.value === null || !mayAsk()) return null
    const masked = hidden.value.join()
    return { model, run, masked, mask: masked === '' ? null : mask.current.value!.id }
  })
  const latest = useLatest(
    () => wanted.value,
    async ({ model, run, masked }, signal) => {
      const positions = masked === '' ? [] : masked.split(',').map(Number)
      const read = await without(run, positions, signal)
      const asked = tokenProbabilitiesOf(read, maskedParam(run, positions))
      const standings = model.predicts === 'labels' ? null : await results.ask(asked, signal)
      const tokens = writtenTokens(run)
      return { model, run, read, positions, tokens, standings }
    }
  )
  const work = computed(() => {
    const { read, positions, run } = latest.value.value ?? {}
    const asked = read ?? wanted.value?.run
    if (!asked) return null
    const masked = run ? maskedParam(run, positions ?? []) : null
    return results.workOf(tokenProbabilitiesOf(asked, masked))
  })
  return { missing, kind, mask, hidden, hide, wanted, latest, work }
}

/** What is expected by the logits of a position of a run. */
export function useExpected(asked: () => { readonly run: Run; readonly position: number } | null) {
  const results = useResults()
  return useLatest(
    () => asked(),
    async ({ run, position }, signal) => {
      if (position < 0)
        throw new LamellaError('invalid-argument', 'Nothing comes before the first token')
      return {
        run,
        position,
        list: await results.ask(predictionsOf(run, position, listed), signal)
      }
    }
  )
}

/** What is shown of predictions. */
export type ShownPredictions = NonNullable<
  ReturnType<typeof usePredictions>['latest']['value']['value']
>
