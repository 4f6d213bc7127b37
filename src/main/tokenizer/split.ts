import { sliceAligned, type AlignedText } from './aligned-text.ts'
import { matchesOf } from './patterns.ts'

/** What becomes of the matches a text is split at. */
export const splitBehaviors = [
  'Removed',
  'Isolated',
  'Contiguous',
  'MergedWithPrevious',
  'MergedWithNext'
] as const
export type SplitBehavior = (typeof splitBehaviors)[number]

/** A stretch of a text, which is a match of the pattern or lies between two. */
interface Stretch {
  readonly from: number
  readonly to: number
  readonly match: boolean
}

/**
 * Splits a text at every match of a pattern.
 * @param pattern with the `g` flag
 * @param inverted split at what lies between the matches instead
 */
export function splitAt(
  text: AlignedText,
  pattern: RegExp,
  behavior: SplitBehavior,
  inverted = false
): AlignedText[] {
  const stretches = stretchesOf(text.text, pattern, inverted)
  return arranged(stretches, behavior).map(({ from, to }) => sliceAligned(text, from, to))
}

function stretchesOf(text: string, pattern: RegExp, inverted: boolean): Stretch[] {
  const stretches: Stretch[] = []
  let from = 0
  const add = (to: number, match: boolean) => {
    stretches.push({ from, to, match: match !== inverted })
    from = to
  }
  // An empty match parts its neighbours, too.
  for (const match of matchesOf(text, pattern)) {
    if (match.from > from) add(match.from, false)
    add(match.to, true)
  }
  if (text.length > from) add(text.length, false)
  return stretches
}

function arranged(stretches: readonly Stretch[], behavior: SplitBehavior): readonly Stretch[] {
  switch (behavior) {
    case 'Removed':
      return stretches.filter(stretch => !stretch.match)
    case 'Contiguous':
      return merged(stretches, (previous, next) => previous.match === next.match)
    // A match joins its neighbour only when that is none itself.
    case 'MergedWithPrevious':
      return merged(stretches, (previous, next) => next.match && !previous.match)
    case 'MergedWithNext':
      return merged(stretches, (previous, next) => previous.match && !next.match)
    default:
      return stretches
  }
}

/** Joins neighbours; `joins` sees the two stretches as they were before any joining. */
function merged(
  stretches: readonly Stretch[],
  joins: (previous: Stretch, next: Stretch) => boolean
): Stretch[] {
  const result: Stretch[] = []
  stretches.forEach((stretch, index) => {
    const previous = stretches[index - 1]
    if (previous && joins(previous, stretch)) result.push({ ...stretch, from: result.pop()!.from })
    else result.push(stretch)
  })
  return result
}
