/** From where points in space are seen: turned about what is upright, then tipped towards the viewer, in radians. */
export interface Angle {
  readonly turn: number
  readonly tip: number
}

/** From a little aside and above, so that all three directions are told apart. */
export const firstAngle: Angle = { turn: -0.6, tip: 0.4 }

/** Of a drag across 300 CSS pixels, half a circle. */
const perPixel = Math.PI / 300

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
