import type { Token } from '#common/model/token.ts'

/** Labels as tokens, for predictions of a model that classifies. */
export function labelTokens(labels: readonly string[], indices: readonly number[]): Token[] {
  return indices.map(id => {
    const text = labels[id] ?? `LABEL_${id}`
    return { id, piece: text, text, start: 0, end: 0, special: false }
  })
}
