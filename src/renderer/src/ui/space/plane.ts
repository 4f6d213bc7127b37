import type { Bounds } from '#common/figure/plane-bounds.ts'
import type { Room } from '../../reactive/use-size.ts'

/** Which part of the plane is seen: its middle, and CSS pixels a unit. */
export interface Plane {
  readonly x: number
  readonly y: number
  readonly scale: number
}

interface Pixel {
  readonly x: number
  readonly y: number
}

/** Room that stays free around all points, in CSS pixels. */
const margin = 28
/** How far one may go nearer. */
const nearest = 4000

/** All points at once, one scale both ways. */
export function wholePlane({ left, right, bottom, top }: Bounds, room: Room): Plane {
  const across = Math.max(1, room.width - 2 * margin) / (right - left || 1)
  const upwards = Math.max(1, room.height - 2 * margin) / (top - bottom || 1)
  return { x: (left + right) / 2, y: (bottom + top) / 2, scale: Math.min(across, upwards) }
}

/** Where a place of the plane is seen, from the left and from the top. */
export function pixelAt(plane: Plane, room: Room, x: number, y: number): Pixel {
  return {
    x: room.width / 2 + (x - plane.x) * plane.scale,
    y: room.height / 2 - (y - plane.y) * plane.scale
  }
}

/** The place of the plane that is seen at a pixel. */
export function placeAt(plane: Plane, room: Room, { x, y }: Pixel): Pixel {
  return {
    x: plane.x + (x - room.width / 2) / plane.scale,
    y: plane.y - (y - room.height / 2) / plane.scale
  }
}

/** Nearer by a factor, the place under a pixel staying where it is; no further off than `whole`. */
export function zoomedPlane(
  plane: Plane,
  whole: Plane,
  room: Room,
  factor: number,
  at: Pixel
): Plane {
  const scale = Math.min(whole.scale * nearest, Math.max(whole.scale / 2, plane.scale * factor))
  const held = placeAt(plane, room, at)
  return {
    x: held.x - (at.x - room.width / 2) / scale,
    y: held.y + (at.y - room.height / 2) / scale,
    scale
  }
}

/** Moved by pixels, the way a drag moves the paper. */
export function pannedPlane(plane: Plane, right: number, down: number): Plane {
  return { ...plane, x: plane.x - right / plane.scale, y: plane.y + down / plane.scale }
}

/** Moved no further than needed to have a place a little within the room. */
export function revealingPlane(plane: Plane, room: Room, x: number, y: number): Plane {
  const { x: px, y: py } = pixelAt(plane, room, x, y)
  const beyond = (at: number, size: number) => {
    const edge = Math.min(margin, size / 4)
    return at < edge ? edge - at : at > size - edge ? size - edge - at : 0
  }
  return pannedPlane(plane, beyond(px, room.width), beyond(py, room.height))
}

/**
 * The point nearest to a place, within a distance; null where there is none.
 * @param places [point, 2]
 * @param within in units of the plane
 */
export function nearestPoint(places: Float32Array, { x, y }: Pixel, within: number): number | null {
  let best: number | null = null
  let least = within * within
  for (let i = 0; i < places.length; i += 2) {
    const [right, up] = [places[i]! - x, places[i + 1]! - y]
    const square = right * right + up * up
    if (square > least) continue
    least = square
    best = i / 2
  }
  return best
}

const directions: Readonly<Record<string, Pixel>> = {
  ArrowUp: { x: 0, y: 1 },
  ArrowDown: { x: 0, y: -1 },
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 }
}
/** What lies aside counts so many times as far as what lies ahead. */
const aside = 2

/** The point that an arrow key goes to from one: the nearest ahead; null where there is none, or the key is no arrow. */
export function pointAhead(places: Float32Array, from: number, key: string): number | null {
  const direction = directions[key]
  if (direction === undefined || 2 * from >= places.length) return null
  const [x, y] = [places[2 * from]!, places[2 * from + 1]!]
  let best: number | null = null
  let least = Infinity
  for (let i = 0; i < places.length; i += 2) {
    const [right, up] = [places[i]! - x, places[i + 1]! - y]
    const ahead = right * direction.x + up * direction.y
    if (ahead <= 0) continue
    const far = ahead + aside * Math.abs(right * direction.y - up * direction.x)
    if (far >= least) continue
    least = far
    best = i / 2
  }
  return best
}

/**
 * The points within a closed line, by the number of its sides that lie to their right.
 * @param outline (x, y) of each corner, one after the other
 */
export function pointsWithin(places: Float32Array, outline: readonly number[]): number[] {
  if (outline.length < 6) return []
  const inside: number[] = []
  for (let i = 0; i < places.length; i += 2)
    if (isWithin(places[i]!, places[i + 1]!, outline)) inside.push(i / 2)
  return inside
}

function isWithin(x: number, y: number, outline: readonly number[]): boolean {
  let within = false
  for (let i = 0, last = outline.length - 2; i < outline.length; last = i, i += 2) {
    const [x1, y1, x2, y2] = [outline[i]!, outline[i + 1]!, outline[last]!, outline[last + 1]!]
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) within = !within
  }
  return within
}

/** A line of at most so many corners, evenly along those that it has. */
export function fewerCorners(outline: readonly number[], most: number): number[] {
  const corners = outline.length / 2
  const kept = Math.min(most, corners)
  return Array.from({ length: kept }, (_, i) => Math.floor((i * corners) / kept)).flatMap(
    corner => [outline[2 * corner]!, outline[2 * corner + 1]!]
  )
}
