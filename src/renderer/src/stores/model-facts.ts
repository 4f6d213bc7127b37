import type { ModelConfig, ModelInfo } from '#common/contract/schemas.ts'
import { headsPerKeyValueHead } from '#common/model/heads-per-key-value-head.ts'
import { blockHookName } from '#common/model/hooks.ts'

/** Why a run of a model has no attention pattern of a block; null when it has one. */
export function missingPattern(model: ModelInfo, layer: number): string | null {
  if (model.hooks.includes(blockHookName(layer, 'attn.hook_pattern'))) return null
  const known = model.limits.find(limit => /attention/i.test(limit))
  return known ?? `A run of ${model.name} does not give the patterns of block ${layer}.`
}

/** Why what is multiplied to the scores of a block is not to be had; null where it is. */
export function missingVectors({ name, scores }: ModelInfo, layer: number): string | null {
  if (scores === null)
    return `It is not known how the graph of ${name} makes scores of queries and keys.`
  if (scores[layer]?.vectors !== null) return null
  return `Block ${layer} normalises queries and keys, and a run of ${name} does not give what comes of it.`
}

/** Why a model predicts nothing; null when it does. */
export function missingPredictions(model: ModelInfo): string | null {
  if (model.predicts !== null && model.hooks.includes('logits')) return null
  const known = model.limits.find(limit => /logits/i.test(limit))
  return known ?? 'This model has no output head, so it predicts nothing.'
}

/** Whether tokens are predicted by rows of their own: not where those are the embedding's over again. */
export function hasOwnUnembedding({ predicts, tensors }: ModelInfo): boolean {
  const isTied = tensors.some(
    ({ category, tiedTo }) => category === 'unembedding' && tiedTo !== null
  )
  return predicts !== 'labels' && !isTied
}

/** The key/value head that a query head reads; null where each has its own. */
export function keyValueHead(config: ModelConfig, head: number): number | null {
  const group = headsPerKeyValueHead(config)
  return group > 1 ? Math.floor(head / group) : null
}

/** Why no value inside a block can be changed; null where some can. */
export function missingEdits({ name, family, notRunnable }: ModelInfo): string | null {
  if (notRunnable !== null) return notRunnable
  return family === null
    ? `${name} is a graph as it was stored: nothing in it can be switched off.`
    : null
}
