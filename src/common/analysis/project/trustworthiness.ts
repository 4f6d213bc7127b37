import { eachDistances } from './nearest-rows.ts'

/**
 * How far what is near in a picture is near in the data: 1 where every neighbour in the picture is one of the nearest there is,
 * lower the further off it is.
 * @param data [rows, width]
 * @param places [rows, dimensions]
 * @param k neighbours that are looked at; below rows / 2
 * @param some rows that it is the mean over
 * @source Venna & Kaski 2001; sklearn.manifold.trustworthiness
 */
export function trustworthiness(
  data: Float32Array,
  width: number,
  places: Float64Array,
  k: number,
  some: readonly number[]
): number {
  const rows = data.length / width
  const shown = new Map<number, number[]>()
  eachDistances(places, rows, places.length / rows, some, (row, distances) => {
    shown.set(row, nearest(distances, row, k))
  })
  let penalty = 0
  eachDistances(data, rows, width, some, (row, distances) => {
    for (const neighbour of shown.get(row)!) {
      const own = distances[neighbour]!
      let rank = 1
      for (let other = 0; other < rows; other++)
        if (other !== row && distances[other]! < own) rank++
      penalty += Math.max(0, rank - k)
    }
  })
  return 1 - (2 * penalty) / (some.length * k * (2 * rows - 3 * k - 1))
}

function nearest(distances: Float64Array, row: number, k: number): number[] {
  const best: number[] = []
  for (let other = 0; other < distances.length; other++) {
    if (other === row) continue
    const own = distances[other]!
    if (best.length === k && own >= distances[best[k - 1]!]!) continue
    let place = best.length
    while (place > 0 && own < distances[best[place - 1]!]!) place--
    best.splice(place, 0, other)
    if (best.length > k) best.pop()
  }
  return best
}
