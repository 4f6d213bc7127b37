import { sees, type Visibility } from '../model/visibility.ts'
import type { Quantity } from './heat-map-pixels.ts'
import type { Look } from './look.ts'
import { profileGap, profileSize } from './map-layout.ts'
import { textMark, type LineMark, type Mark, type TextMark } from './mark.ts'
import { labelGap, type AxisScene } from './token-axis.ts'
import { positionInRange } from './value-scale.ts'
import { mapHeight, mapWidth } from './viewport.ts'

/** Which rows and columns of a map have their profiles beside it: the first of each as bars, others as lines over them. */
export interface Profiles {
  readonly queries: readonly number[]
  readonly keys: readonly number[]
}

interface ProfiledMap {
  /** [query, key] */
  readonly pattern: Float32Array
  readonly quantity: Quantity
  readonly visibility: Visibility | null
  readonly firstHidden: boolean
  readonly profiles: Profiles | null
}

/** A value, or what stands for those that share a pixel, and where it is along the strip in CSS pixels. */
export interface ProfileStep {
  readonly start: number
  readonly end: number
  readonly value: number
}

/** A point in a strip: how far along it, and how far across, from 0 at its foot to 1. */
type Place = (along: number, across: number) => readonly [x: number, y: number]

/**
 * The weights of single queries below a map and of single keys beside it, as high as its colours go and on their
 * scale.
 */
export function profileMarks(map: ProfiledMap, scene: AxisScene, look: Look): Mark[] {
  if (map.profiles === null) return []
  const { view, left, top, labels, mirrored } = scene
  const { queries, keys } = map.profiles
  const width = mapWidth(scene)
  const height = mapHeight(scene)
  const foot = top + height + profileGap + profileSize
  const side = left + width + profileGap
  const below: Place = (at, across) => [
    left + (mirrored ? width - at : at),
    foot - across * profileSize
  ]
  const beside: Place = (at, across) => [side + across * profileSize, top + at]
  const rows = queries.map(query =>
    profileSteps(key => weightAt(map, query, key), view.column, width, scene, look)
  )
  const columns = keys.map(key =>
    profileSteps(query => weightAt(map, query, key), view.row, height, scene, look)
  )
  const [query] = queries
  const [key] = keys
  const label = (at: number) => `${at} ${labels[at]?.text ?? ''}`
  const middle = profileSize / 2
  return [
    ...strip(rows, width, below, map.quantity, look),
    ...strip(columns, height, beside, map.quantity, look),
    ...(query === undefined
      ? []
      : [name(label(query), left - labelGap, foot - middle, { align: 'right' }, look)]),
    ...(key === undefined
      ? []
      : [name(label(key), side + middle, top - labelGap, { upright: true }, look)])
  ]
}

/** Null where the query does not see the key, or that is hidden. */
function weightAt(
  { pattern, visibility, firstHidden }: ProfiledMap,
  query: number,
  key: number
): number | null {
  if (firstHidden && key === 0) return null
  if (visibility !== null && !sees(visibility, query, key)) return null
  return pattern[query * Math.sqrt(pattern.length) + key]!
}

/**
 * The values along a strip, no finer than a device pixel: those that share one are pooled as the map is.
 * @param valueAt of a cell; null where it has none
 * @param from the first cell on the screen, which may be seen in part
 * @param length of the strip, in CSS pixels
 */
export function profileSteps(
  valueAt: (cell: number) => number | null,
  from: number,
  length: number,
  { view: { cell }, stage: { size, ratio } }: Pick<AxisScene, 'view' | 'stage'>,
  { pooling }: Pick<Look, 'pooling'>
): ProfileStep[] {
  const last = Math.min(size, Math.ceil(from + length / cell - 1e-6))
  const cells = Math.max(1, Math.ceil(1 / (cell * ratio) - 1e-6))
  const steps: ProfileStep[] = []
  for (let first = Math.floor(from / cells) * cells; first < last; first += cells) {
    const end = Math.min(size, first + cells)
    let sum = 0
    let most: number | null = null
    for (let at = first; at < end; at++) {
      const value = valueAt(at)
      if (value === null || Number.isNaN(value)) continue
      sum += value
      if (most === null || Math.abs(value) > Math.abs(most)) most = value
    }
    if (most === null) continue
    steps.push({
      start: Math.max(0, (first - from) * cell),
      end: Math.min(length, (end - from) * cell),
      value: pooling === 'mean' ? sum / (end - first) : most
    })
  }
  return steps
}

/** Bars of the first profile, lines of the others, and the line that they stand on. */
function strip(
  [first, ...others]: readonly (readonly ProfileStep[])[],
  length: number,
  place: Place,
  quantity: Quantity,
  look: Look
): Mark[] {
  if (first === undefined) return []
  const zero = quantity === 'difference' ? 0.5 : 0
  const across = (value: number) => positionInRange(look.scale, look.range, value)
  const foot = [place(0, zero), place(length, zero)]
  return [
    line(foot, look.line),
    ...first.map(({ start, end, value }) => {
      // Bars of cells that are told apart stand apart.
      const apart = end - start > 4 ? 1 : 0
      return bar(place(start, zero), place(end - apart, across(value)), look.accent)
    }),
    ...others.flatMap(steps => outlines(steps, across, place, look.ink))
  ]
}

function bar(
  [fromX, fromY]: readonly [number, number],
  [toX, toY]: readonly [number, number],
  fill: string
): Mark {
  return {
    kind: 'rect',
    x: Math.min(fromX, toX),
    y: Math.min(fromY, toY),
    width: Math.abs(toX - fromX),
    height: Math.abs(toY - fromY),
    fill,
    line: null
  }
}

/** Steps that follow each other as one line. */
function outlines(
  steps: readonly ProfileStep[],
  across: (value: number) => number,
  place: Place,
  color: string
): LineMark[] {
  const runs: (readonly [number, number])[][] = []
  let end = -1
  for (const step of steps) {
    if (step.start !== end) runs.push([])
    runs.at(-1)!.push(place(step.start, across(step.value)), place(step.end, across(step.value)))
    end = step.end
  }
  return runs.map(points => line(points, color))
}

function line(points: LineMark['points'], color: string): LineMark {
  return { kind: 'line', points, color, width: 1, opacity: 1 }
}

function name(
  text: string,
  x: number,
  y: number,
  place: Partial<TextMark>,
  { mono: font, size, accent: color }: Look
): TextMark {
  return textMark({ text, x, y, font, size, color, weight: 700, ...place })
}
