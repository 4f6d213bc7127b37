import { axis, type Dataset, type NumberArray } from '../../data/dataset.ts'
import type { Given } from '../analysis.ts'
import { distanceMap, type DistanceMap } from './distance-map.ts'
import { clustersOf, leavesOf, wardLinkage, type Merge } from './ward-linkage.ts'

/** What distances between things come to: a tree, its leaves in order, and a map. */
export interface Grouping {
  /** Lowest first. */
  readonly merges: readonly Merge[]
  /** The things, in the order of the tree's leaves. */
  readonly leaves: readonly number[]
  readonly map: DistanceMap
}

/** @param distances [n, n], symmetric; of 1,000 things it takes some seconds */
export function groupingOf(distances: Float64Array, n: number): Grouping {
  const merges = wardLinkage(distances, n)
  return { merges, leaves: leavesOf(merges, n), map: distanceMap(distances, n) }
}

/**
 * What is given of a grouping of heads.
 * @param of what the distances are called
 * @param unit theirs
 */
export function groupingGives(of: string, unit: string): readonly Given[] {
  return [
    {
      name: 'ward',
      axes: ['merge', 'part'],
      unit: '',
      about: `Ward's linkage of ${of}: the two clusters that are joined, at which height, and their size`
    },
    {
      name: 'ward_leaves',
      axes: ['leaf'],
      unit: '',
      about: 'heads by their number, in the order of the dendrogram'
    },
    { name: 'ward_clusters', axes: ['head'], unit: '', about: 'the cluster of each head, from 1' },
    {
      name: 'map',
      axes: ['head', 'coordinate'],
      unit,
      about: `places in the plane whose distances are as near to ${of} as may be`
    },
    {
      name: 'mds_stress',
      axes: [],
      unit: '',
      about: `Σ over i < j of (distance on map − ${of})²`
    }
  ]
}

/** The axes of a grouping of heads, layer by layer. */
export function groupingAxes(layers: readonly number[], nHeads: number): Dataset['axes'] {
  const names = layers.flatMap(layer =>
    Array.from({ length: nHeads }, (_, head) => `${layer}.${head}`)
  )
  return {
    head: axis(names),
    other_head: axis(names),
    merge: axis(Math.max(0, names.length - 1)),
    part: axis(['cluster', 'other cluster', 'height', 'size']),
    leaf: axis(names.length),
    coordinate: axis(['x', 'y'])
  }
}

/** The numbers of a grouping, by what `groupingGives` calls them. @param clusters the most that there are */
export function groupingNumbers(
  { merges, leaves, map }: Grouping,
  clusters: number
): Readonly<Record<string, NumberArray>> {
  return {
    ward: Float64Array.from(
      merges.flatMap(({ first, second, height, size }) => [first, second, height, size])
    ),
    ward_leaves: Int32Array.from(leaves),
    ward_clusters: clustersOf(merges, leaves.length, clusters),
    map: map.places,
    mds_stress: Float64Array.of(map.stress)
  }
}
