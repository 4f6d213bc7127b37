import { tokenParts } from '../text/token-text.ts'
import type { ShownToken } from '../model/token.ts'
import { lettersOf } from '../text/cut-short.ts'

/** What stands beside one row or column. */
export interface AxisLabel {
  readonly text: string
  /** Made of signs only, such as a space's dot: drawn fainter. */
  readonly faint: boolean
  /** Of a special token: drawn as a pill. */
  readonly special: boolean
}

const longest = 12
/** A map is drawn anew with each move of the pointer; its tokens stay the same. */
const known = new WeakMap<readonly ShownToken[], readonly AxisLabel[]>()

/** A short label for each token. */
export function axisLabels(tokens: readonly ShownToken[]): readonly AxisLabel[] {
  const labels = known.get(tokens) ?? tokens.map(labelOf)
  known.set(tokens, labels)
  return labels
}

function labelOf(token: ShownToken): AxisLabel {
  const parts = tokenParts(token)
  const text = parts.map(part => part.text).join('')
  const letters = lettersOf(text)
  return {
    special: token.special,
    text: letters.length > longest ? `${letters.slice(0, longest - 1).join('')}…` : text,
    faint: parts.every(part => part.kind === 'sign')
  }
}
