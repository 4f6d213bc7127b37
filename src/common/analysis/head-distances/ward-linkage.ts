/** A merge of two clusters: single ones go by their index, the i-th merged one by their number + i. */
export interface Merge {
  readonly first: number
  readonly second: number
  readonly height: number
  /** How many are in it. */
  readonly size: number
}

/**
 * Ward's clustering of things whose distances are given: the merges, lowest first, in SciPy's order.
 * @param distances [n, n], symmetric
 * @source Ward 1963, by Lance and Williams' formula; nearest-neighbour chains: Murtagh 1983, Müllner 2011
 */
export function wardLinkage(distances: ArrayLike<number>, n: number): Merge[] {
  const d = Float64Array.from(distances)
  /** A cluster stands where the later of its two parts stood. */
  const sizes = new Int32Array(n).fill(1)
  const merges: { x: number; y: number; height: number }[] = []
  const chain: number[] = []
  while (merges.length < n - 1) {
    if (chain.length === 0) chain.push(sizes.findIndex(size => size > 0))
    const last = chain.at(-1)!
    const before = chain.at(-2) ?? -1
    const nearest = nearestTo(d, sizes, last, before)
    if (nearest !== before) {
      chain.push(nearest)
      continue
    }
    chain.splice(-2)
    const [x, y] = last < before ? [last, before] : [before, last]
    const height = d[x * n + y]!
    merges.push({ x, y, height })
    const [nx, ny] = [sizes[x]!, sizes[y]!]
    sizes[x] = 0
    sizes[y] = nx + ny
    for (let i = 0; i < n; i++) {
      const ni = sizes[i]!
      if (ni === 0 || i === y) continue
      const [dx, dy] = [d[i * n + x]!, d[i * n + y]!]
      // In SciPy's order, so that rounding makes the same of heights that are equal.
      const part = 1 / (ni + nx + ny)
      d[i * n + y] = d[y * n + i] = Math.sqrt(
        (ni + nx) * part * dx * dx + (ni + ny) * part * dy * dy - ni * part * height * height
      )
    }
  }
  return numbered(merges, n)
}

/** The nearest cluster to one; of equally near ones the one before it in the chain, else the first. */
function nearestTo(d: Float64Array, sizes: Int32Array, of: number, before: number): number {
  const n = sizes.length
  let nearest = before
  let least = before < 0 ? Infinity : d[of * n + before]!
  for (let i = 0; i < n; i++) {
    if (sizes[i] === 0 || i === of || d[of * n + i]! >= least) continue
    least = d[of * n + i]!
    nearest = i
  }
  return nearest
}

/** Lowest first, each with the numbers of the clusters that it joins. */
function numbered(
  merges: readonly { readonly x: number; readonly y: number; readonly height: number }[],
  n: number
): Merge[] {
  /** The cluster that each thing is in by now. */
  const clusterOf = Int32Array.from({ length: n }, (_, i) => i)
  const sizes = new Map<number, number>()
  return merges
    .toSorted((a, b) => a.height - b.height)
    .map(({ x, y, height }, i) => {
      const own = [clusterOf[x]!, clusterOf[y]!].sort((a, b) => a - b) as [number, number]
      const [first, second] = own
      const size = (sizes.get(first) ?? 1) + (sizes.get(second) ?? 1)
      sizes.set(n + i, size)
      clusterOf.forEach((cluster, thing) => {
        if (own.includes(cluster)) clusterOf[thing] = n + i
      })
      return { first, second, height, size }
    })
}

/** The things in the order of a dendrogram's leaves, the first part of each merge before the second. */
export function leavesOf(merges: readonly Merge[], n: number): number[] {
  const leaves = (cluster: number): number[] => {
    if (cluster < n) return [cluster]
    const { first, second } = merges[cluster - n]!
    return [...leaves(first), ...leaves(second)]
  }
  return leaves(n + merges.length - 1)
}

/**
 * The cluster of each thing where the tree is cut into at most so many, numbered from 1 as SciPy's fcluster does: what
 * was merged comes before what stayed alone beside it, and things that all stand alone have their own order. What is
 * equally high is cut together.
 */
export function clustersOf(merges: readonly Merge[], n: number, most: number): Int32Array {
  if (most >= n) return Int32Array.from({ length: n }, (_, thing) => thing + 1)
  const cut = merges[n - 1 - most]!.height
  const labels = new Int32Array(n)
  let count = 0
  const label = (cluster: number, parent: number): void => {
    if (cluster < n) {
      labels[cluster] = parent || ++count
      return
    }
    const { first, second, height } = merges[cluster - n]!
    const own = parent || (height <= cut ? ++count : 0)
    const parts = [first, second]
    for (const part of parts) if (part >= n) label(part, own)
    for (const part of parts) if (part < n) label(part, own)
  }
  label(n + merges.length - 1, 0)
  return labels
}
