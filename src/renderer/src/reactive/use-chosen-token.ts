import { computed, type ComputedRef } from 'vue'
import { z } from 'zod'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { useClient } from '../stores/client.ts'
import { useLatest } from './use-latest.ts'

/** A token of one model's vocabulary, by its id and its spelling; another model may have another one there. */
export const ChosenToken = z.object({
  id: z.int().min(0),
  piece: z.string(),
  /** Fingerprint of the model that it was chosen in. */
  of: z.string()
})
export type ChosenToken = z.output<typeof ChosenToken>

/**
 * The id of a token that was chosen, in a model that may be another one than that it was chosen in.
 * @returns null where none is chosen, or the model has no such token; undefined until it is known
 */
export function useChosenToken(
  modelOf: () => ModelInfo | null,
  chosenOf: () => ChosenToken | null
): ComputedRef<number | null | undefined> {
  /** Whether a model that it was not chosen in has it, too. */
  const sought = useLatest(
    () => {
      const [model, chosen] = [modelOf(), chosenOf()]
      if (!model || chosen === null || chosen.of === model.fingerprint) return null
      return { modelId: model.id, ...chosen, has: mayHave(model, chosen) }
    },
    async ({ modelId, id, piece, has }, signal) => {
      if (!has) return { modelId, id, piece, known: false }
      const { tokens } = await useClient().call('text.decode', { modelId, ids: [id] }, { signal })
      return { modelId, id, piece, known: tokens[0]?.piece === piece }
    }
  )
  return computed(() => {
    const [model, chosen] = [modelOf(), chosenOf()]
    if (chosen === null || !model || chosen.of === model.fingerprint) return chosen?.id ?? null
    const { value } = sought.value
    if (sought.error.value !== null) return null
    const isOwn =
      value?.modelId === model.id && value.id === chosen.id && value.piece === chosen.piece
    return isOwn ? (value.known ? chosen.id : null) : undefined
  })
}

/** Labels are no tokens, and ids alone say nothing of another vocabulary. */
function mayHave({ tokenizer, predicts, config }: ModelInfo, { id }: ChosenToken): boolean {
  return tokenizer !== null && predicts !== 'labels' && id < (config?.dVocab ?? 0)
}
