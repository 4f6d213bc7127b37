import type { Bounds } from './plane.ts'

/** From where points in space are seen: turned about what is upright, then tipped towards the viewer, in radians. */
export interface Angle {
  readonly turn: number
  readonly tip: number
}

/** From a little aside and above, so that all three directions are told apart. */
export const firstAngle: Angle = { turn: -0.6, tip: 0.4 }

/** Of a drag across 300 CSS pixels, half a circle. */
const perPixel = Math.PI / 300

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

/** Where all points are seen, from whatever angle: turned, they stay within. */
export function boundsOfSpace({ radius }: Space): Bounds {
  return { left: -radius, right: radius, bottom: -radius, top: radius }
}

/** The picture's middle is the middle of the space. */
export function seenFrom({ places, middle, radius }: Space, angle: Angle): SeenPoints {
  const count = places.length / 3
  const seen = { places: new Float32Array(2 * count), depths: new Float32Array(count) }
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

type Row = readonly [number, number, number]

/** What lies to the right, upwards and towards the viewer, each by the three axes of the space. */
export function directionsOf({ turn, tip }: Angle): readonly [Row, Row, Row] {
  const [ct, st, cp, sp] = [Math.cos(turn), Math.sin(turn), Math.cos(tip), Math.sin(tip)]
  return [
    [ct, 0, st],
    [st * sp, cp, -ct * sp],
    [-st * cp, sp, ct * cp]
  ]
}

/** As after a drag by pixels: what is in front goes with it. What is upright stays upright. */
export function turnedBy({ turn, tip }: Angle, right: number, down: number): Angle {
  const next = turn + right * perPixel
  const most = Math.PI / 2
  return {
    turn: next - 2 * Math.PI * Math.round(next / (2 * Math.PI)),
    tip: Math.min(most, Math.max(-most, tip + down * perPixel))
  }
}

/** Such as `from 34° to the left and 23° above`. */
export function angleWords({ turn, tip }: Angle): string {
  const degrees = (value: number) => `${Math.round((Math.abs(value) * 180) / Math.PI)}°`
  // What is turned to the right is seen from the left.
  return `from ${degrees(turn)} to the ${turn > 0 ? 'left' : 'right'} and ${degrees(tip)} ${tip < 0 ? 'below' : 'above'}`
}
