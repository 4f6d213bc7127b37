import { frameName } from '../../analysis/project/layer-frames.ts'
import type { LayoutMethod } from '../../analysis/project/point-counts.ts'
import { isCurve } from '../../analysis/project/point-sets.ts'
import { pointText, type ShownPoints } from '../../analysis/project/shown-points.ts'
import { withDrawn, type Dataset, type Variable } from '../../data/dataset.ts'
import { angleWords, directionsOf, type Angle } from '../orbit.ts'
import type { ColoredPoints } from '../point-colors.ts'
import { pointScatter, type PointScatterData } from '../point-scatter.ts'
import type { Provenance } from '../provenance.ts'
import type { ViewFigure } from './figure-view.ts'
import { modelOrigin, runOrigin, type ModelRead, type RunRead } from './origin.ts'
import { axesWords, axisNames, methodWords, pictureText, setWords } from './projector-words.ts'

/** A projection as it is seen. */
export interface SeenProjection {
  readonly model: ModelRead
  /** Null of what is of the weights. */
  readonly run: RunRead | null
  readonly method: LayoutMethod
  readonly points: ShownPoints
  /** As they are seen: [point, 2] */
  readonly places: Float32Array
  /** From where a space is seen; null in the plane. */
  readonly angle: Angle | null
  /** The layer that is seen of tokens at each; else null. */
  readonly frame: number | null
  readonly colored: ColoredPoints
  /** The part that is seen. */
  readonly part: PointScatterData['part']
  /** Those that have their labels first, and whether all others have one where there is room. */
  readonly marked: readonly number[]
  readonly labelled: boolean
  /** Those that are selected together. */
  readonly selected: readonly number[]
  /** As its command takes them: what lays the points out, and what tells their colours. */
  readonly params: Readonly<Record<string, unknown>>
}

/** Labels that are tried in a figure. */
const mostLabels = 2000

/** A projection, with a dot for every point that is seen, and all places as numbers. */
export function projectorFigure(
  seen: SeenProjection,
  version: string
): ViewFigure<PointScatterData, Provenance> {
  const { points, method, selected } = seen
  return {
    what: projectionName(points, method),
    kind: pointScatter,
    data: projectorData(seen),
    from: projectorOrigin(seen, version),
    dataset: () => projectorDataset(points, selected)
  }
}

/** What a projection is called, such as `Tokens · PCA`. */
export function projectionName({ set }: ShownPoints, method: LayoutMethod): string {
  return `${setWords[set].text} · ${methodWords[method]}`
}

export function projectorData(seen: SeenProjection): PointScatterData {
  const { model, points, angle, colored, part } = seen
  const axes = axesWords(points)
  return {
    title: `${model.name} · ${placeOf(seen)}`,
    axes: axes && angle === null ? { x: axes[0]!, y: axes[1]! } : null,
    directions: angle ? armsOf(angle, axisNames(points) ?? []) : [],
    // What is seen is written over as points turn.
    places: seen.places.slice(),
    ...colored,
    labels: labelsOf(seen),
    joined: isCurve(points.set),
    part
  }
}

export function projectorOrigin(seen: SeenProjection, version: string): Provenance {
  const { model, run, angle, frame, part, marked, labelled, selected } = seen
  const place = placeOf(seen)
  const params = {
    ...seen.params,
    ...{ angle: angle && [angle.turn, angle.tip], frame, labels: labelled },
    part: [part.x, part.y, part.width, part.height],
    ...(marked.length > 0 && { marked }),
    ...(selected.length > 0 && { selected })
  }
  return {
    version,
    of: run === null ? modelOrigin(model, place) : runOrigin(model, run, place),
    ...{ less: null, precision: 'float32' },
    again: { view: 'projector', params }
  }
}

function placeOf({ points, method, angle, frame }: SeenProjection): string {
  return [
    `${setWords[points.set].text}, ${methodWords[method]}`,
    ...(angle === null ? [] : [angleWords(angle)]),
    ...(frame === null ? [] : [frameName(frame)]),
    pictureText(points)
  ].join(' · ')
}

/** Numbers of all points, which tell those that are selected together: of tokens by layer at each. */
export function projectorDataset(
  { result, index }: ShownPoints,
  selected: readonly number[]
): Dataset {
  const whole = withDrawn(result, ['places', 'index', 'layer', 'token', 'kind', 'norm'])
  if (selected.length === 0) return whole
  const own = new Set(selected)
  const data = Int32Array.from({ length: result.axes['point']!.length }, (_, point) =>
    Number(own.has(point % index.length))
  )
  const about = 'whether it is selected: 1, else 0'
  const told: Variable = { axes: ['point'], unit: '', about, data, drawn: true }
  return { ...whole, variables: { ...whole.variables, selected: told } }
}

function armsOf(angle: Angle, axes: readonly string[]) {
  const [right, up] = directionsOf(angle)
  return axes.map((text, i) => ({ text, x: right[i]!, y: up[i]! }))
}

function labelsOf({ points, places, part, marked, labelled }: SeenProjection) {
  const labels: { point: number; text: string }[] = []
  const add = (point: number) => labels.push({ point, text: pointText(points, point) })
  marked.forEach(add)
  if (!labelled) return labels
  const isSeen = (point: number) =>
    Math.abs(places[2 * point]! - part.x) <= part.width / 2 &&
    Math.abs(places[2 * point + 1]! - part.y) <= part.height / 2
  for (let point = 0; point < points.index.length && labels.length < mostLabels; point++)
    if (isSeen(point)) add(point)
  return labels
}
