/** Weights between rows that are neighbours, in both directions. */
export interface NeighbourGraph {
  /** [row + 1] where its edges begin. */
  readonly starts: Int32Array
  /** [edge] */
  readonly ends: Int32Array
  readonly weights: Float64Array
}

/**
 * A symmetric graph of weights from each row to its neighbours.
 * @param indices [row, neighbour]
 * @param directed weights of the same
 * @param of the weight of an edge by those of its two directions; 0 where there is none
 */
export function neighbourGraph(
  indices: Int32Array,
  directed: Float64Array,
  rows: number,
  of: (there: number, back: number) => number
): NeighbourGraph {
  const count = indices.length / rows
  const edges: Map<number, [there: number, back: number]>[] = Array.from(
    { length: rows },
    () => new Map<number, [number, number]>()
  )
  for (let row = 0; row < rows; row++)
    for (let n = 0; n < count; n++) {
      const [other, weight] = [indices[row * count + n]!, directed[row * count + n]!]
      const there = edges[row]!.get(other) ?? [0, 0]
      there[0] = weight
      edges[row]!.set(other, there)
      const back = edges[other]!.get(row) ?? [0, 0]
      back[1] = weight
      edges[other]!.set(row, back)
    }
  const starts = new Int32Array(rows + 1)
  edges.forEach((own, row) => (starts[row + 1] = starts[row]! + own.size))
  const ends = new Int32Array(starts[rows]!)
  const weights = new Float64Array(starts[rows]!)
  let at = 0
  for (const own of edges)
    for (const [other, [there, back]] of own) {
      ends[at] = other
      weights[at++] = of(there, back)
    }
  return { starts, ends, weights }
}
