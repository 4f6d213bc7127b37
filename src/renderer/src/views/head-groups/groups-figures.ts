import type { HeadAtlas } from '#common/analysis/head-atlas/head-atlas.ts'
import {
  headGroups,
  tellingScore,
  type HeadGroups
} from '#common/analysis/head-distances/head-groups.ts'
import type { DendrogramData } from '#common/figure/dendrogram.ts'
import type { DistanceMatrixData } from '#common/figure/distance-matrix.ts'
import type { HeadScatterData } from '#common/figure/head-scatter.ts'
import type { Leaves } from '#common/figure/leaf-axis.ts'
import type { Look } from '#common/figure/look.ts'
import type { GroupedHeads } from './grouped-heads.ts'
import type { GroupsOptions } from './groups-options.ts'

/** Heads in groups, as they are drawn. */
export interface DrawnGroups extends HeadGroups {
  readonly of: GroupedHeads
  /** Along the leaves. */
  readonly leaves: Leaves
}

export function drawnGroups(of: GroupedHeads, most: number): DrawnGroups {
  const own = headGroups(of.grouping, most)
  const leaves = of.grouping.leaves.map(i => {
    const { layer, head } = of.heads[i]!
    return { label: `${layer}.${head}`, group: own.groupOf[i]! }
  })
  return { ...own, of, leaves }
}

/** How far figures reach, the same for all that are compared. */
export interface Reach {
  readonly height: number
  readonly distance: number
  /** From one end of the map to the other. */
  readonly map: { readonly x: number; readonly y: number }
}

export function reachOf(all: readonly GroupedHeads[]): Reach {
  const across = (axis: 0 | 1) =>
    Math.max(
      0,
      ...all.map(({ grouping: { map } }) => {
        const along = map.places.filter((_, i) => i % 2 === axis)
        return along.reduce((a, b) => Math.max(a, b)) - along.reduce((a, b) => Math.min(a, b))
      })
    )
  return {
    height: Math.max(0, ...all.map(({ grouping }) => grouping.merges.at(-1)?.height ?? 0)),
    distance: Math.max(
      0,
      ...all.map(({ distances }) => distances.reduce((a, b) => Math.max(a, b)))
    ),
    map: { x: across(0), y: across(1) }
  }
}

export function treeData({ of, leaves, cut }: DrawnGroups, { height }: Reach): DendrogramData {
  const n = leaves.length
  const places = new Int32Array(n)
  of.grouping.leaves.forEach((head, place) => (places[head] = place))
  const placed = (cluster: number) => (cluster < n ? places[cluster]! : cluster)
  return {
    title: null,
    name: `height, ${of.unit}`,
    leaves,
    merges: of.grouping.merges.map(({ first, second, height }) => ({
      ...{ first: placed(first), second: placed(second), height }
    })),
    cut,
    highest: height
  }
}

export function matrixData({ of, leaves }: DrawnGroups): DistanceMatrixData {
  const n = leaves.length
  const order = of.grouping.leaves
  const distances = new Float32Array(n * n)
  for (let row = 0; row < n; row++)
    for (let column = 0; column < n; column++)
      distances[row * n + column] = of.distances[order[row]! * n + order[column]!]!
  return { title: null, name: `distance, ${of.unit}`, leaves, distances, view: null }
}

/**
 * A look with the range of distances, which of divergences goes to ln 2 where it is fixed.
 * @param shared whether that is the range of two that are compared
 */
export function matrixLook(
  look: Omit<Look, 'range'>,
  { unit }: Pick<GroupedHeads, 'unit'>,
  { distance }: Reach,
  shared: boolean
): Look {
  const follows = look.follows || unit !== 'nats a query'
  // Distances are no weights: what is twice as far is shown as far as twice.
  const range = { low: 0, high: follows ? distance || 1 : Math.LN2 }
  return { ...look, scale: 'linear', follows, shared, range }
}

export function placesData(
  { of, groupOf }: DrawnGroups,
  { map }: Reach,
  color: GroupsOptions['color'],
  nLayers: number
): HeadScatterData {
  const { places } = of.grouping.map
  return {
    title: null,
    x: { name: '', baselines: [] },
    y: { name: '', baselines: [] },
    nLayers,
    points: of.heads.map(({ layer, head }, i) => ({
      ...{ layer, head, x: places[2 * i]!, y: places[2 * i + 1]! },
      group: color === 'group' ? groupOf[i]! : null
    })),
    distances: { unit: of.unit, reach: map }
  }
}

/** What is said of a group. */
export interface ToldGroup {
  /** From 0. */
  readonly group: number
  /** Their places among all, in the order of the leaves. */
  readonly heads: readonly number[]
  /** The score that tells it from the rest, such as `previous token 0.62 against 0.08`; null where none does. */
  readonly told: string | null
}

/** @param atlas of the same heads; null where there are no scores yet */
export function toldGroups(
  { groups }: HeadGroups,
  atlas: HeadAtlas | null,
  text: (value: number) => string
): ToldGroup[] {
  const scores = atlas?.scores ?? []
  const values = scores.map(({ name }) => atlas!.heads.map(({ scores }) => scores[name]!.value))
  return groups.map((heads, group) => {
    const found = tellingScore(values, heads)
    if (found === null) return { group, heads, told: null }
    const { words, unit } = scores[found.score]!
    const of = unit === '' ? '' : ` ${unit}`
    return {
      ...{ group, heads },
      told: `${words} ${text(found.own)}${of} against ${text(found.rest)}`
    }
  })
}
