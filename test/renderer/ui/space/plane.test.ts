import { boundsOf } from '#common/figure/plane-bounds.ts'
import { describe, expect, it } from 'vitest'
import {
  fewerCorners,
  nearestPoint,
  pannedPlane,
  pixelAt,
  placeAt,
  pointAhead,
  pointsWithin,
  revealingPlane,
  wholePlane,
  zoomedPlane
} from '../../../../src/renderer/src/ui/space/plane.ts'

const room = { width: 400, height: 200 }
/** A middle and four around it. */
const places = Float32Array.of(0, 0, 4, 0, -4, 0, 0, 1, 0, -1)
const whole = wholePlane(boundsOf(places), room)

describe('the plane', () => {
  it('is seen as a whole, with one scale and a margin', () => {
    expect(whole).toEqual({ x: 0, y: 0, scale: (400 - 56) / 8 })
    expect(pixelAt(whole, room, 4, 0)).toEqual({ x: 372, y: 100 })
    // Upwards is up.
    expect(pixelAt(whole, room, 0, 1).y).toBeLessThan(100)
    expect(wholePlane(boundsOf(Float32Array.of(3, 3)), room).scale).toBeGreaterThan(0)
  })

  it('keeps the place under the pointer where it is zoomed, and goes with a drag', () => {
    const at = { x: 300, y: 40 }
    const held = placeAt(whole, room, at)
    const near = zoomedPlane(whole, whole, room, 3, at)
    expect(near.scale).toBeCloseTo(3 * whole.scale, 9)
    expect(placeAt(near, room, at).x).toBeCloseTo(held.x, 9)
    expect(placeAt(near, room, at).y).toBeCloseTo(held.y, 9)
    const before = pixelAt(near, room, 1, 1)
    const after = pixelAt(pannedPlane(near, 12, -7), room, 1, 1)
    expect(after.x - before.x).toBeCloseTo(12, 9)
    expect(after.y - before.y).toBeCloseTo(-7, 9)
    expect(zoomedPlane(whole, whole, room, 1e-9, at).scale).toBe(whole.scale / 2)
  })

  it('moves no further than is needed to have a place in sight', () => {
    expect(revealingPlane(whole, room, 2, 0)).toEqual(whole)
    const near = zoomedPlane(whole, whole, room, 8, { x: 200, y: 100 })
    const moved = revealingPlane(near, room, 4, 0)
    expect(pixelAt(moved, room, 4, 0)).toEqual({ x: 372, y: 100 })
  })
})

describe('points', () => {
  it('are under the pointer within a reach', () => {
    expect(nearestPoint(places, { x: 3.7, y: 0.2 }, 0.5)).toBe(1)
    expect(nearestPoint(places, { x: 2, y: 0.5 }, 0.5)).toBeNull()
    expect(nearestPoint(places, { x: 0.1, y: 0.4 }, 2)).toBe(0)
  })

  it('are gone to by arrow keys: the nearest ahead', () => {
    expect(pointAhead(places, 0, 'ArrowRight')).toBe(1)
    expect(pointAhead(places, 0, 'ArrowLeft')).toBe(2)
    expect(pointAhead(places, 0, 'ArrowUp')).toBe(3)
    expect(pointAhead(places, 0, 'ArrowDown')).toBe(4)
    expect(pointAhead(places, 1, 'ArrowRight')).toBeNull()
    expect(pointAhead(places, 0, 'Enter')).toBeNull()
  })

  it('are within a line that is drawn around them, also a bent one', () => {
    const box = [-1, -2, -1, 2, 1, 2, 1, -2]
    expect(pointsWithin(places, box)).toEqual([0, 3, 4])
    // Around the left point and the right one, past the middle.
    const bent = [-5, -0.5, -5, 2, 5, 2, 5, -0.5, 3, -0.5, 3, 1.5, -3, 1.5, -3, -0.5]
    expect(pointsWithin(places, bent)).toEqual([1, 2])
    expect(pointsWithin(places, [0, 0, 1, 1])).toEqual([])
  })

  it('are drawn around with fewer corners', () => {
    const circle = Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? i / 2 : -i))
    const fewer = fewerCorners(circle, 4)
    expect(fewer).toEqual([0, -1, 125, -251, 250, -501, 375, -751])
    expect(fewerCorners([1, 2, 3, 4], 10)).toEqual([1, 2, 3, 4])
  })
})
