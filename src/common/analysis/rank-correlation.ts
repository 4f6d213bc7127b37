/**
 * How alike two lists rank their entries: Spearman's correlation, equal entries with their mean rank.
 * @returns from −1 to 1; NaN where either is constant or holds NaN, which has no rank
 * @source Spearman 1904; as scipy.stats.spearmanr
 */
export function rankCorrelation(first: ArrayLike<number>, second: ArrayLike<number>): number {
  if ([first, second].some(own => Array.from(own).some(Number.isNaN))) return NaN
  const [a, b] = [meanRanks(first), meanRanks(second)]
  const middle = (a.length - 1) / 2
  let product = 0
  let ofA = 0
  let ofB = 0
  for (let i = 0; i < a.length; i++) {
    product += (a[i]! - middle) * (b[i]! - middle)
    ofA += (a[i]! - middle) ** 2
    ofB += (b[i]! - middle) ** 2
  }
  return product / Math.sqrt(ofA * ofB)
}

/**
 * How alike each two methods rank the same things by the magnitudes that they give them.
 * @param methods what each gives, each as long as the others
 * @returns [method, other]
 */
export function rankCorrelations(methods: readonly ArrayLike<number>[]): Float64Array {
  const magnitudes = methods.map(own => Float64Array.from(own, Math.abs))
  return Float64Array.from(
    magnitudes.flatMap(one => magnitudes.map(other => rankCorrelation(one, other)))
  )
}

/** From 0. */
function meanRanks(values: ArrayLike<number>): Float64Array {
  const order = Array.from(values, (_, i) => i).sort((a, b) => values[a]! - values[b]!)
  const ranks = new Float64Array(values.length)
  for (let start = 0; start < order.length;) {
    let end = start + 1
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++
    for (const i of order.slice(start, end)) ranks[i] = (start + end - 1) / 2
    start = end
  }
  return ranks
}
