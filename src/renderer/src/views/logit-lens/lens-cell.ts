import { lensVariable, type LensPart } from '#common/analysis/lens/lens.ts'
import { shapeOf, variable, type Dataset } from '#common/data/dataset.ts'

/** What a lens says at one place. */
export interface LensCell {
  /** The most probable tokens by their ids, and how probable. */
  readonly top: readonly { readonly id: number; readonly probability: number }[]
  /** KL(final ‖ lens) and its entropy, in nats. */
  readonly kl: number
  readonly entropy: number
  /** Of the token that is looked for; null where none is, or the text has no next one. */
  readonly target: {
    readonly id: number
    readonly rank: number
    readonly probability: number
  } | null
}

/** @param stream counted from the embedding, or from block 0 of what a half of each adds */
export function lensCell(
  result: Dataset,
  part: LensPart,
  target: number | null,
  { stream, position }: { readonly stream: number; readonly position: number }
): LensCell {
  const data = (name: string) => variable(result, lensVariable(part, name)).data
  const [, positions = 0, kept = 0] = shapeOf(result, variable(result, lensVariable(part, 'top')))
  const cell = stream * positions + position
  const ids = data('top')
  const probabilities = data('top_prob')
  return {
    top: Array.from({ length: kept }, (_, rank) => ({
      id: ids[cell * kept + rank]!,
      probability: probabilities[cell * kept + rank]!
    })),
    kl: data('kl_final_lens')[cell]!,
    entropy: data('entropy')[cell]!,
    target: targetAt()
  }

  function targetAt(): LensCell['target'] {
    const kind = target === null ? 'next' : 'token'
    const ids = result.variables[target === null ? 'predicted_token' : 'asked_token']?.data
    if (ids === undefined) return null
    const column = target === null ? position : ids.findIndex((id: number) => id === target)
    if (column < 0 || column >= ids.length) return null
    const at = target === null ? stream * ids.length + column : cell * ids.length + column
    return {
      id: ids[column]!,
      rank: data(`${kind}_rank`)[at]!,
      probability: data(`${kind}_prob`)[at]!
    }
  }
}
