/** Where each token stood before: those of query q are `places[starts[q]]` to `places[starts[q] + counts[q] - 1]`. */
export interface EarlierCopies {
  /** [pos], of equal tokens together, each in order. */
  readonly places: Int32Array
  readonly starts: Int32Array
  readonly counts: Int32Array
}

/**
 * The earlier copies of each token: what duplicate-token heads look at, and right before what induction heads look at.
 * @param ids [pos]
 */
export function earlierCopies(ids: ArrayLike<number>): EarlierCopies {
  const groups = new Map<number, number[]>()
  const counts = new Int32Array(ids.length)
  for (let pos = 0; pos < ids.length; pos++) {
    const group = groups.get(ids[pos]!) ?? []
    counts[pos] = group.length
    groups.set(ids[pos]!, group)
    group.push(pos)
  }
  const places = new Int32Array(ids.length)
  const starts = new Int32Array(ids.length)
  let next = 0
  for (const group of groups.values()) {
    for (const pos of group) starts[pos] = next
    places.set(group, next)
    next += group.length
  }
  return { places, starts, counts }
}
