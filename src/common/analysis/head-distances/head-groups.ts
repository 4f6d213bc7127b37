import type { Grouping } from './grouping.ts'
import { clustersOf } from './ward-linkage.ts'

/** Heads in groups, as a tree is cut. */
export interface HeadGroups {
  /** The heads of each, by their number, in the order of the leaves; as are the groups. */
  readonly groups: readonly (readonly number[])[]
  /** The group of each head, from 0. */
  readonly groupOf: Int32Array
  /** Between the highest merge within a group and the lowest of two of them; null where there is one group. */
  readonly cut: number | null
}

/** A tree cut into at most so many groups: heads that are joined at equal heights are not parted. */
export function headGroups(
  { merges, leaves }: Pick<Grouping, 'merges' | 'leaves'>,
  most: number
): HeadGroups {
  const clusters = clustersOf(merges, leaves.length, most)
  const byCluster = new Map<number, number[]>()
  for (const head of leaves) {
    const own = byCluster.get(clusters[head]!)
    if (own === undefined) byCluster.set(clusters[head]!, [head])
    else own.push(head)
  }
  const groups = [...byCluster.values()]
  const groupOf = new Int32Array(leaves.length)
  groups.forEach((heads, group) => heads.forEach(head => (groupOf[head] = group)))
  const within = merges[leaves.length - groups.length - 1]?.height ?? 0
  const between = merges[leaves.length - groups.length]?.height
  return { groups, groupOf, cut: between === undefined ? null : (within + between) / 2 }
}

/** By what a group differs most from the rest. */
export interface TellingScore {
  /** Which score, by its place. */
  readonly score: number
  /** Mean over the group, and over all other heads. */
  readonly own: number
  readonly rest: number
}

/**
 * The score whose mean over some things is furthest from that over the rest, in standard deviations over all; null where
 * none is apart. Things of which a score is not known are left out of it.
 * @param scores [score][thing]
 */
export function tellingScore(
  scores: readonly ArrayLike<number>[],
  group: readonly number[]
): TellingScore | null {
  const inside = new Set(group)
  let best: (TellingScore & { readonly apart: number }) | null = null
  for (const [score, all] of scores.entries()) {
    const known = Array.from(all, (value, thing) => ({ value, own: inside.has(thing) })).filter(
      ({ value }) => Number.isFinite(value)
    )
    const own = meanOf(known.filter(({ own }) => own))
    const rest = meanOf(known.filter(({ own }) => !own))
    const mean = meanOf(known)
    const variance = meanOf(known.map(({ value }) => ({ value: (value - mean) ** 2 })))
    const apart = Math.abs(own - rest) / Math.sqrt(variance)
    if (apart > (best?.apart ?? 0)) best = { score, own, rest, apart }
  }
  return best && { score: best.score, own: best.own, rest: best.rest }
}

function meanOf(values: readonly { readonly value: number }[]): number {
  return values.reduce((sum, { value }) => sum + value, 0) / values.length
}
