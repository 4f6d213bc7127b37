import { describe, expect, it } from 'vitest'
import { angleWords, directionsOf, turnedBy } from '#common/figure/orbit.ts'
import { memoryOf, seenFrom, spaceOf } from '#common/figure/space.ts'

const angle = { turn: 0.7, tip: -0.4 }
/** Corners of a box that is not at the origin. */
const box = spaceOf(
  Float32Array.from([1, 3].flatMap(x => [2, 3].flatMap(y => [0, 5].flatMap(z => [x, y, z]))))
)

describe('a space', () => {
  it('is seen as its first two axes from the front, what is nearer by the third', () => {
    const { places, depths } = seenFrom(box, { turn: 0, tip: 0 })
    expect([...places.slice(0, 4)]).toEqual([-1, -0.5, -1, -0.5])
    expect(depths[1]).toBeCloseTo(2.5 / box.radius, 6)
    expect(depths[0]).toBeCloseTo(-2.5 / box.radius, 6)
  })

  it('is seen in the same memory from one angle after another, each time anew', () => {
    const memory = memoryOf(box)
    const before = seenFrom(box, { turn: 0, tip: 0 }, memory)
    const now = seenFrom(box, angle, memory)
    expect(now).toEqual(seenFrom(box, angle))
    expect(now.places).not.toBe(before.places)
    expect(before).toEqual(now)
  })

  it('keeps all distances from whatever angle', () => {
    for (const tip of [-1.5, -0.4, 0, 1.2]) {
      const { places, depths } = seenFrom(box, { turn: 2 * tip + 1, tip })
      for (let point = 0; point < 8; point++) {
        const own = [places[2 * point]!, places[2 * point + 1]!, depths[point]! * box.radius]
        expect(Math.hypot(...own)).toBeCloseTo(Math.hypot(1, 0.5, 2.5), 5)
      }
    }
  })

  it('has three directions at right angles that turn no mirror picture out', () => {
    const [r, u, n] = directionsOf(angle)
    const dot = (a: readonly number[], b: readonly number[]) =>
      a.reduce((sum, value, i) => sum + value * b[i]!, 0)
    for (const own of [r, u, n]) expect(dot(own, own)).toBeCloseTo(1, 12)
    expect(dot(r, u)).toBeCloseTo(0, 12)
    // Right × up is what is near.
    const cross = [r[1] * u[2] - r[2] * u[1], r[2] * u[0] - r[0] * u[2], r[0] * u[1] - r[1] * u[0]]
    cross.forEach((value, i) => expect(value).toBeCloseTo(n[i]!, 12))
  })

  it('goes with a drag where it is near, and no further than from straight above', () => {
    // In front of the middle.
    const near = spaceOf(Float32Array.of(0, 0, 1, 0, 0, -1))
    const before = seenFrom(near, { turn: 0, tip: 0 }).places
    const { places } = seenFrom(near, turnedBy({ turn: 0, tip: 0 }, 10, 10))
    expect(places[0]).toBeGreaterThan(before[0]!)
    expect(places[1]).toBeLessThan(before[1]!)
    expect(turnedBy(angle, 0, 1e5).tip).toBe(Math.PI / 2)
    expect(Math.abs(turnedBy(angle, 1e5, 0).turn)).toBeLessThanOrEqual(Math.PI)
    expect(turnedBy(angle, 600, 0).turn).toBeCloseTo(angle.turn, 9)
  })

  it('says from where it is seen, and is one point or none, too', () => {
    expect(angleWords({ turn: Math.PI / 6, tip: -Math.PI / 4 })).toBe(
      'from 30° to the left and 45° below'
    )
    expect(spaceOf(new Float32Array(0))).toMatchObject({ middle: [0, 0, 0], radius: 1 })
    expect([...seenFrom(spaceOf(Float32Array.of(4, 5, 6)), angle).places]).toEqual([0, 0])
  })
})
