import { computed } from 'vue'
import { tokensOfResult } from '#common/analysis/described-tokens.ts'
import { lensGrid } from '#common/figure/views/lens-figure.ts'
import { writtenTokens } from '#common/text/written-tokens.ts'
import { useLatest } from '../../reactive/use-latest.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { lensOf } from '../../stores/analyses.ts'
import { useClient } from '../../stores/client.ts'
import { missingPredictions } from '../../stores/model-facts.ts'
import { useResults } from '../../stores/results.ts'
import type { LensOptions, Target } from './lens-options.ts'

/** What each layer of a subject's model would say of its text. */
export function useLens(subject: () => ViewSubject, options: LensOptions, mayAsk: () => boolean) {
  const results = useResults()
  const missing = computed(() => {
    const { model } = subject()
    return model && missingPredictions(model)
  })
  /** Whether a model that the target was not chosen in has it, too. */
  const sought = useLatest(
    () => {
      const { model } = subject()
      const { target } = options
      if (!model || target === null || target.of === model.fingerprint) return null
      return { modelId: model.id, ...target, has: mayHave(model, target) }
    },
    async ({ modelId, id, piece, has }, signal) => {
      if (!has) return { modelId, id, piece, known: false }
      const { tokens } = await useClient().call('text.decode', { modelId, ids: [id] }, { signal })
      return { modelId, id, piece, known: tokens[0]?.piece === piece }
    }
  )
  /** The target by its id, null where the next token is meant; undefined until it is known. */
  const target = computed<number | null | undefined>(() => {
    const { model } = subject()
    const { target } = options
    if (target === null || !model || target.of === model.fingerprint) return target?.id ?? null
    const { value } = sought.value
    if (sought.error.value !== null) return null
    const isOwn =
      value?.modelId === model.id && value.id === target.id && value.piece === target.piece
    return isOwn ? (value.known ? target.id : null) : undefined
  })
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

/** Labels are no tokens, and ids alone say nothing of another vocabulary. */
function mayHave({ tokenizer, predicts, config }: ModelInfo, { id }: Target): boolean {
  return tokenizer !== null && predicts !== 'labels' && id < (config?.dVocab ?? 0)
}

/** A lens as it is shown. */
export type ShownLens = NonNullable<ReturnType<typeof useLens>['shown']['value']>
