import { directionsOf, type Angle } from './orbit.ts'

/** Points in space as they are seen from an angle, by parallel light. */
export interface SeenPoints {
  /** [point, 2], to the right and upwards */
  readonly places: Float32Array
  /** [point], from −1 of what may lie farthest to 1 of what may lie nearest */
  readonly depths: Float32Array
}

/** Points in space, and the ball around all of them. */
export interface Space {
  /** [point, 3] */
  readonly places: Float32Array
  readonly middle: readonly [number, number, number]
  readonly radius: number
}

/** @param places [point, 3] */
export function spaceOf(places: Float32Array): Space {
  const low = [Infinity, Infinity, Infinity]
  const high = [-Infinity, -Infinity, -Infinity]
  for (let i = 0; i < places.length; i++) {
    const d = i % 3
    if (places[i]! < low[d]!) low[d] = places[i]!
    if (places[i]! > high[d]!) high[d] = places[i]!
  }
  const [x, y, z] = low.map((value, d) => (places.length === 0 ? 0 : (value + high[d]!) / 2)) as [
    number,
    number,
    number
  ]
  let square = 0
  for (let i = 0; i < places.length; i += 3) {
    const own = (places[i]! - x) ** 2 + (places[i + 1]! - y) ** 2 + (places[i + 2]! - z) ** 2
    if (own > square) square = own
  }
  return { places, middle: [x, y, z], radius: Math.sqrt(square) || 1 }
}

/** What points of a space are seen in: while they turn, memory of its own for each angle takes longer than the points do. */
export function memoryOf({ places }: Space): ArrayBuffer {
  return new ArrayBuffer(places.byteLength)
}

/**
 * The picture's middle is the middle of the space.
 * @param memory is written over: what was seen in it before is what is seen now
 */
export function seenFrom(space: Space, angle: Angle, memory = memoryOf(space)): SeenPoints {
  const { places, middle, radius } = space
  const count = places.length / 3
  const seen = {
    places: new Float32Array(memory, 0, 2 * count),
    depths: new Float32Array(memory, 8 * count, count)
  }
  const [[ax, bx, cx], [ay, by, cy], [az, bz, cz]] = directionsOf(angle)
  const [mx, my, mz] = middle
  for (let point = 0; point < count; point++) {
    const x = places[3 * point]! - mx
    const y = places[3 * point + 1]! - my
    const z = places[3 * point + 2]! - mz
    seen.places[2 * point] = ax * x + bx * y + cx * z
    seen.places[2 * point + 1] = ay * x + by * y + cy * z
    seen.depths[point] = (az * x + bz * y + cz * z) / radius
  }
  return seen
}
