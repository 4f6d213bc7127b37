import { visibleKeys, type Visibility } from '../model/visibility.ts'
import type { TokenGroup } from '../text/token-groups.ts'

/** Whose attention it is: what a query takes from each key, or what each query takes from a key. */
export const attentionSides = ['from', 'to'] as const
export type AttentionSide = (typeof attentionSides)[number]

/**
 * Attention from a group of tokens to each, or to it from each: the sum over the keys of a group, the mean over its
 * queries. That from a group to all sums to 1.
 * @param pattern [query, key], of `size` each
 * @param visibility null where it is not known which keys a query sees
 * @param firstHidden whether the first key is left out
 * @param own the group that it is from, or to
 * @returns [group]; NaN where no query sees any of the keys
 * @source Clark et al. 2019, section 4.1, for words of several pieces
 */
export function groupWeights(
  {
    pattern,
    size,
    visibility,
    firstHidden
  }: {
    readonly pattern: Float32Array
    readonly size: number
    readonly visibility: Visibility | null
    readonly firstHidden: boolean
  },
  groups: readonly TokenGroup[],
  own: number,
  side: AttentionSide
): Float32Array {
  const sees = (query: number, keys: TokenGroup) => {
    const { start, end } = visibility
      ? visibleKeys(visibility, query, size)
      : { start: 0, end: size }
    return keys.start < end && keys.end > Math.max(start, firstHidden ? 1 : 0)
  }
  const between = (queries: TokenGroup, keys: TokenGroup) => {
    let sum = 0
    let seen = false
    for (let query = queries.start; query < queries.end; query++) {
      if (!sees(query, keys)) continue
      seen = true
      for (let key = keys.start; key < keys.end; key++) sum += pattern[query * size + key]!
    }
    return seen ? sum / (queries.end - queries.start) : NaN
  }
  const chosen = groups[own]!
  return Float32Array.from(groups, group =>
    side === 'from' ? between(chosen, group) : between(group, chosen)
  )
}

/** The groups whose weights are farthest from zero, the farthest first; none that is zero or not defined. */
export function strongestGroups(
  weights: Float32Array,
  count: number
): { readonly group: number; readonly weight: number }[] {
  const found: { group: number; weight: number }[] = []
  weights.forEach((weight, group) => {
    const size = Math.abs(weight)
    const last = found.at(-1)
    if (!(size > 0) || (found.length === count && size <= Math.abs(last!.weight))) return
    const at = found.findIndex(other => Math.abs(other.weight) < size)
    found.splice(at === -1 ? found.length : at, 0, { group, weight })
    if (found.length > count) found.pop()
  })
  return found
}
