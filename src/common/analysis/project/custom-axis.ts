import { dot } from '../embeddings/vectors.ts'

/** From one vector to another. */
export interface CustomAxis {
  readonly from: Float64Array
  readonly to: Float64Array
}

/**
 * Where rows lie along some axes: 0 at `from`, 1 at `to`; and what is left of them once these directions are taken out.
 * @param data [row, width]
 * @throws RangeError when two ends of an axis are one place
 */
export function alongAxes(
  data: Float32Array,
  width: number,
  axes: readonly CustomAxis[]
): { readonly places: Float64Array; readonly rest: Float64Array } {
  const rows = data.length / width
  const places = new Float64Array(rows * axes.length)
  const rest = Float64Array.from(data)
  const directions: Float64Array[] = []
  for (const [a, { from, to }] of axes.entries()) {
    const away = to.map((value, i) => value - from[i]!)
    const square = dot(away, away)
    if (square === 0) throw new RangeError('both ends of an axis are one place')
    for (let row = 0; row < rows; row++) {
      let sum = 0
      for (let i = 0; i < width; i++) sum += (data[row * width + i]! - from[i]!) * away[i]!
      places[row * axes.length + a] = sum / square
    }
    // Directions that are taken out one after the other are at right angles.
    const own = away.slice()
    for (const direction of directions) {
      const share = dot(own, direction)
      for (let i = 0; i < width; i++) own[i]! -= share * direction[i]!
    }
    const length = Math.sqrt(dot(own, own))
    if (length > 1e-9 * Math.sqrt(square)) directions.push(own.map(value => value / length))
  }
  for (const direction of directions)
    for (let start = 0; start < rest.length; start += width) {
      let share = 0
      for (let i = 0; i < width; i++) share += rest[start + i]! * direction[i]!
      for (let i = 0; i < width; i++) rest[start + i]! -= share * direction[i]!
    }
  return { places, rest }
}
