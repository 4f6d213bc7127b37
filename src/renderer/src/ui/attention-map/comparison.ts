import { extent } from '#common/figure/heat-map-pixels.ts'
import type { ValueRange } from '#common/figure/value-scale.ts'
import type { Visibility } from '#common/model/visibility.ts'
import { alignmentText } from '#common/text/alignment-text.ts'
import type { ShownPattern } from './pattern.ts'

/** Why two patterns have no difference; null where they have one. */
export function whyNoDifference(a: Tokens, b: Tokens): string | null {
  if (a.tokens.length === b.tokens.length) return null
  return `No difference: ${alignmentText(a.tokens, b.tokens)}`
}

/** What to know of a difference of patterns of as many tokens; null where nothing is. */
export function differenceNote(
  a: Pick<ShownPattern, 'run'>,
  b: Pick<ShownPattern, 'run'>
): string | null {
  const ids = ({ run }: Pick<ShownPattern, 'run'>) => run.tokens.map(({ id }) => id).join()
  return ids(a) === ids(b) ? null : 'The texts differ: position is compared with position'
}

/** The first pattern less the second, of as many tokens, with its lowest and highest value. */
export function patternDifference(
  a: Pick<ShownPattern, 'data' | 'tokens' | 'visibility' | 'firstHidden'>,
  b: Pick<ShownPattern, 'data' | 'visibility'>
): {
  readonly data: Float32Array
  readonly visibility: Visibility | null
  readonly extent: ValueRange
} {
  const data = a.data.map((weight, i) => weight - b.data[i]!)
  const same = JSON.stringify(a.visibility) === JSON.stringify(b.visibility)
  const visibility = same ? a.visibility : null
  const size = a.tokens.length
  return { data, visibility, extent: extent(data, size, size, visibility, a.firstHidden) }
}

interface Tokens {
  readonly tokens: readonly { readonly id: number }[]
}
