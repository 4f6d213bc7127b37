import { z } from 'zod'
import { boxParts } from '../model/architecture.ts'
import { chartTitle, chartTitleRoom } from './chart-title.ts'
import { rgbOfCss } from './color-table.ts'
import type { ChartPanel, FigureKind, Size } from './figure-kind.ts'
import type { Look } from './look.ts'
import { directionsOf, type Angle } from './orbit.ts'
import { colorLegend, PointColors, pointColorsShown, pointPalette } from './point-scatter.ts'
import { sansWidth } from './text-width.ts'
import { thinnedLabels } from './thinned-labels.ts'

const Place = z.tuple([z.number(), z.number(), z.number()]).readonly()

/** A model in space: each part a cuboid. */
export const ModelSpaceData = z.object({
  title: z.string().nullable(),
  parts: z
    .array(
      z.object({
        /** What is said of it. */
        words: z.string(),
        from: Place,
        to: Place,
        path: z.tuple([z.int(), z.int(), z.int(), z.int(), z.int()]).readonly(),
        /** By the place in the palette; the one after its last is of what has no number. */
        color: z.int().min(0)
      })
    )
    .readonly(),
  names: z.array(z.object({ text: z.string(), at: Place })).readonly(),
  angle: z.object({ turn: z.number(), tip: z.number() }),
  colored: PointColors,
  /** What is said below it. */
  note: z.string()
})
export type ModelSpaceData = z.output<typeof ModelSpaceData>
export type SpacePart = ModelSpaceData['parts'][number]

type Spot = readonly [x: number, y: number]
type Rgb = readonly [number, number, number]

/** The colours of parts: of their kinds those of the diagram, and at last that of what has no number. */
export function partPalette(colored: PointColors, look: Look): string[] {
  const own =
    colored.by === 'class'
      ? colored.classes.map(name => look.series[boxParts.findIndex(part => part === name)]!)
      : pointPalette(colored, look)
  return [...own, look.line]
}

/** The three sides of a cuboid along its axes, lit from above and ahead. */
export const sideLight = [0, 0.22, -0.2] as const

/** A colour on a side: mixed with white where light falls, with black where it does not. */
export function litColor([r, g, b]: Rgb, axis: 0 | 1 | 2): Rgb {
  const light = sideLight[axis]
  const lit = (part: number) =>
    Math.round(light > 0 ? part + (255 - part) * light : part * (1 + light))
  return [lit(r), lit(g), lit(b)]
}

/** A side of a part that faces the viewer. */
export interface SeenSide {
  readonly axis: 0 | 1 | 2
  /** To the right and upwards, in units of the space: of its four corners, one after the other. */
  readonly corners: readonly [Spot, Spot, Spot, Spot]
}

/** Where a place of the space is seen, to the right and upwards. */
export function seenPlace(place: readonly [number, number, number], angle: Angle): Spot {
  const [right, up] = directionsOf(angle)
  return [dot(right, place), dot(up, place)]
}

/** The sides of a cuboid that are seen from an angle: three at most. */
export function seenSides({ from, to }: Pick<SpacePart, 'from' | 'to'>, angle: Angle): SeenSide[] {
  const near = directionsOf(angle)[2]
  return ([0, 1, 2] as const).flatMap(axis => {
    if (Math.abs(near[axis]) < 1e-9) return []
    const [a, b] = [(axis + 1) % 3, (axis + 2) % 3]
    const corner = (first: number, second: number): Spot => {
      const place: [number, number, number] = [0, 0, 0]
      place[axis] = (near[axis] > 0 ? to : from)[axis]
      place[a] = [from, to][first]![a]!
      place[b] = [from, to][second]![b]!
      return seenPlace(place, angle)
    }
    return [{ axis, corners: [corner(0, 0), corner(1, 0), corner(1, 1), corner(0, 1)] }]
  })
}

/** Indices of parts from the farthest to the nearest: what comes later may hide what came before. */
export function fromBehind(parts: readonly Pick<SpacePart, 'path'>[], angle: Angle): number[] {
  const [along, , near] = directionsOf(angle)[2]
  const signs = [near, along, near, along, near].map(value => (value < 0 ? -1 : 1))
  return [...parts.keys()].sort((a, b) => {
    const [own, other] = [parts[a]!.path, parts[b]!.path]
    const at = own.findIndex((value, i) => value !== other[i])
    return at < 0 ? 0 : (own[at]! - other[at]!) * signs[at]!
  })
}

/** The nearest part that is seen at a spot; null where there is none. */
export function partAt(parts: readonly SpacePart[], angle: Angle, spot: Spot): number | null {
  const found = fromBehind(parts, angle).findLast(i =>
    seenSides(parts[i]!, angle).some(({ corners }) => isWithin(spot, corners))
  )
  return found ?? null
}

function isWithin([x, y]: Spot, corners: SeenSide['corners']): boolean {
  const turns = corners.map(([ax, ay], i) => {
    const [bx, by] = corners[(i + 1) % 4]!
    return (bx - ax) * (y - ay) - (by - ay) * (x - ax)
  })
  return turns.every(turn => turn >= 0) || turns.every(turn => turn <= 0)
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]!
}

/** Around all that is seen of parts and their names, as they are seen. */
export function seenBounds(
  { parts, names }: Pick<ModelSpaceData, 'parts' | 'names'>,
  angle: Angle
) {
  const spots = [
    ...parts.flatMap(part => seenSides(part, angle).flatMap(({ corners }) => corners)),
    ...names.map(({ at }) => seenPlace(at, angle))
  ]
  const ends = (axis: 0 | 1) =>
    spots.reduce(
      ([low, high], spot) => [Math.min(low, spot[axis]), Math.max(high, spot[axis])],
      [Infinity, -Infinity]
    ) as [number, number]
  if (spots.length === 0) return { left: -1, right: 1, bottom: -1, top: 1 }
  const [[left, right], [bottom, top]] = [ends(0), ends(1)]
  return { left, right, bottom, top }
}

/** A name as it is seen, in CSS pixels. */
export interface StandingName {
  readonly text: string
  readonly x: number
  readonly y: number
}

/**
 * Names that have room and stand behind no part, each in the middle of its place.
 * @param scale CSS pixels a unit
 */
export function standingNames(
  { parts, names }: Pick<ModelSpaceData, 'parts' | 'names'>,
  angle: Angle,
  size: number,
  pixelOf: (spot: Spot) => Pick<StandingName, 'x' | 'y'>,
  scale: number
): StandingName[] {
  const [right, up, near] = directionsOf(angle)
  const seen = names.flatMap(({ text, at }) => {
    const width = sansWidth(text, size)
    const [half, high] = [width / 2 / scale, size / 2 / scale]
    const places = [
      [0, 0],
      [-half, 0],
      [half, 0],
      [0, high],
      [0, -high]
    ].map(([across = 0, above = 0]) =>
      at.map((value, d) => value + across * right[d]! + above * up[d]!)
    )
    if (places.some(place => parts.some(part => isBefore(part, place, near)))) return []
    return [{ text, width, ...pixelOf([dot(right, at), dot(up, at)]) }]
  })
  const wanted = seen.map(({ x, y, width }) => ({ x: x - width / 2, y, width, height: size }))
  return thinnedLabels(wanted).map(i => seen[i]!)
}

/** Whether a cuboid lies between a place and the viewer. */
function isBefore(
  { from, to }: Pick<SpacePart, 'from' | 'to'>,
  place: readonly number[],
  near: readonly number[]
): boolean {
  let [enters, leaves] = [0, Infinity]
  for (const d of [0, 1, 2]) {
    const [low, high, step] = [from[d]! - place[d]!, to[d]! - place[d]!, near[d]!]
    if (Math.abs(step) < 1e-9) {
      if (low >= 0 || high <= 0) return false
      continue
    }
    enters = Math.max(enters, Math.min(low / step, high / step))
    leaves = Math.min(leaves, Math.max(low / step, high / step))
  }
  return enters < leaves
}

const edge = 16

/** All parts of a model, those behind first. */
export const modelSpace: FigureKind<ModelSpaceData> = {
  name: 'model-space',
  data: ModelSpaceData,
  shows: ({ colored, note }) =>
    [pointColorsShown(colored), note].filter(part => part !== '').join('; '),
  resizes: 'shape',

  natural: () => ({ width: 900, height: 480, ratio: 1 }),

  panel(data, look, size): ChartPanel {
    const { title, parts, angle, colored, note } = data
    const top = 12 + (title === null ? 0 : chartTitleRoom) + (colored.by === 'nothing' ? 0 : 22)
    const { spotOf, scale } = fitted(seenBounds(data, angle), size, top)
    const palette = partPalette(colored, look)
    const colors = palette.map(rgbOfCss)
    const pixelOf = (spot: Spot) => {
      const [x, y] = spotOf(spot)
      return { x, y }
    }
    const text = (text: string, x: number, y: number, align: 'left' | 'center') => ({
      type: 'text' as const,
      silent: true,
      ...{ x, y },
      style: {
        ...{ text, fill: look.faint, font: `${look.size}px ${look.sans}` },
        ...{ align, verticalAlign: 'middle' as const }
      }
    })
    return {
      kind: 'chart',
      ...size,
      option: {
        animation: false,
        backgroundColor: look.paper,
        ...chartTitle(title, look, size.width),
        graphic: [
          ...fromBehind(parts, angle).flatMap(i =>
            seenSides(parts[i]!, angle).map(({ axis, corners }) => ({
              type: 'polygon' as const,
              silent: true,
              shape: { points: corners.map(spotOf).map(([x, y]) => [rounded(x), rounded(y)]) },
              style: {
                fill: `rgb(${litColor(colors[parts[i]!.color]!, axis).join(', ')})`,
                ...{ stroke: look.paper, lineWidth: 0.5, lineJoin: 'round' as const }
              }
            }))
          ),
          ...standingNames(data, angle, look.size, pixelOf, scale).map(({ text: own, x, y }) =>
            text(own, x, y, 'center')
          ),
          ...colorLegend(colored, palette.slice(0, -1), look, { x: 8, y: top - 10 }),
          text(note, 8, size.height - 12, 'left')
        ]
      }
    }
  }
}

/** Pixels of what is seen, all of it within a room. */
function fitted(
  { left, right, bottom, top }: ReturnType<typeof seenBounds>,
  { width, height }: Size,
  above: number
): { readonly spotOf: (spot: Spot) => Spot; readonly scale: number } {
  const below = 34
  const room = { width: width - 2 * edge, height: height - above - below }
  const scale = Math.min(room.width / (right - left || 1), room.height / (top - bottom || 1))
  return {
    scale,
    spotOf: ([x, y]) => [
      width / 2 + (x - (left + right) / 2) * scale,
      above + room.height / 2 - (y - (bottom + top) / 2) * scale
    ]
  }
}

function rounded(pixels: number): number {
  return Math.round(pixels * 100) / 100
}
