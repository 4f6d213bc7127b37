import type { Grouping } from '../../analysis/head-distances/grouping.ts'
import type { HeadGroups } from '../../analysis/head-distances/head-groups.ts'
import type { DendrogramData } from '../dendrogram.ts'
import type { Leaves } from '../leaf-axis.ts'

/** The leaves of a tree of heads, in their order, each in its group. */
export function treeLeaves(
  { leaves }: Pick<Grouping, 'leaves'>,
  { groupOf }: Pick<HeadGroups, 'groupOf'>,
  heads: readonly { readonly layer: number; readonly head: number }[]
): Leaves {
  return leaves.map(i => {
    const { layer, head } = heads[i]!
    return { label: `${layer}.${head}`, group: groupOf[i]! }
  })
}

/** Heads as a tree: a merge names its leaves by their place. */
export function headTree(
  grouping: Pick<Grouping, 'merges' | 'leaves'>,
  leaves: Leaves,
  facts: Pick<DendrogramData, 'name' | 'cut' | 'highest'>
): DendrogramData {
  const n = leaves.length
  const places = new Int32Array(n)
  grouping.leaves.forEach((head, place) => (places[head] = place))
  const placed = (cluster: number) => (cluster < n ? places[cluster]! : cluster)
  return {
    title: null,
    ...facts,
    leaves,
    merges: grouping.merges.map(({ first, second, height }) => ({
      ...{ first: placed(first), second: placed(second), height }
    }))
  }
}
