import { computed } from 'vue'
import type { Run } from '#common/contract/schemas.ts'
import { LamellaError } from '#common/model/errors.ts'
import { writtenTokens } from '#common/text/written-tokens.ts'
import { useLatest } from '../../reactive/use-latest.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import { predictionsOf, tokenProbabilitiesOf } from '../../stores/analyses.ts'
import { useClient } from '../../stores/client.ts'
import { missingPredictions } from '../../stores/model-facts.ts'
import { useResults } from '../../stores/results.ts'
import { useRuns } from '../../stores/runs.ts'
import { maskTokenOf } from '../../ui/mask-token.ts'
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
  const runs = useRuns()
  const missing = computed(() => {
    const { model } = subject()
    return model && missingPredictions(model)
  })
  const kind = computed(() => (missing.value === null ? (subject().model?.predicts ?? null) : null))

  /** The mask of the vocabulary; null where there is none, or nobody tells. */
  const mask = useLatest(
    () => {
      const { model } = subject()
      return kind.value === 'masked' && model?.tokenizer ? model.id : null
    },
    (modelId, signal) => {
      const tokenize = (text: string) =>
        useClient().call('text.tokenize', { modelId, text }, { signal })
      return maskTokenOf(tokenize).then(async spelling => {
        if (spelling === null) return null
        const found = await tokenize(spelling)
        return found.find(({ piece }) => piece === spelling) ?? null
      })
    }
  )
  /** Positions of the run there is now that are hidden. */
  const hidden = computed(() => {
    const { run } = subject()
    if (!run || !mask.value.value || options.of !== run.id) return []
    return options.masked.filter(position => position < run.tokens.length)
  })

  const wanted = computed(() => {
    const { model, run } = subject()
    if (!model || !run || kind.value === null || !mayAsk()) return null
    const masked = hidden.value.join()
    return { model, run, masked, mask: masked === '' ? null : mask.value.value!.id }
  })
  const latest = useLatest(
    () => wanted.value,
    async ({ model, run, masked, mask }, signal) => {
      const positions = masked === '' ? [] : masked.split(',').map(Number)
      const of = mask === null ? run : await runs.ensure(hiddenSource(run, positions, mask), signal)
      const pairs = positions.map(at => `${at}:${run.tokens[at]!.id}`).join()
      const asked = tokenProbabilitiesOf(of, pairs === '' ? null : pairs)
      const standings = model.predicts === 'labels' ? null : await results.ask(asked, signal)
      const tokens = writtenTokens(run)
      return { model, run, of, positions, tokens, standings }
    }
  )
  const work = computed(() => {
    const { of, positions, run } = latest.value.value ?? {}
    const asked = of ?? wanted.value?.run
    if (!asked) return null
    const pairs = (positions ?? []).map(at => `${at}:${run!.tokens[at]!.id}`).join()
    return results.workOf(tokenProbabilitiesOf(asked, pairs === '' ? null : pairs))
  })
  return { missing, kind, mask, hidden, wanted, latest, work }
}

/** A run as it would be with some tokens hidden. */
function hiddenSource({ source, tokens }: Run, positions: readonly number[], mask: number) {
  const ids = tokens.map(({ id }, position) => (positions.includes(position) ? mask : id))
  return { ...source, input: { ids } }
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
