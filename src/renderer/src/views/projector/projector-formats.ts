import { dataset, type Dataset } from '#common/data/dataset.ts'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import { pointScatter, type PointScatterData } from '#common/figure/point-scatter.ts'
import { againUnless, type Provenance } from '#common/figure/provenance.ts'
import { directionsOf, type Angle } from '#common/figure/orbit.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'
import { axesWords, axisNames } from './projection-words.ts'
import type { ColoredPoints } from './point-colors.ts'
import { isCurve, methodWords, setWords, type ProjectorOptions } from './projector-options.ts'
import type { ShownClusters } from './use-clusters.ts'
import { pointText, type ShownPoints } from './shown-points.ts'
import { modelOrigin, runOrigin } from '#common/figure/views/origin.ts'

/** What is saved of a projection. */
export interface ProjectionToSave {
  readonly model: ModelInfo
  /** What the model is called among those that are open. */
  readonly modelName: string
  /** Null of what is of the weights. */
  readonly run: Run | null
  readonly params: Readonly<Record<string, unknown>>
  readonly method: ProjectorOptions['method']
  readonly points: ShownPoints
  /** As they are seen by now: [point, 2] */
  readonly places: Float32Array
  /** From where a space is seen; null in the plane. */
  readonly angle: Angle | null
  readonly colored: ColoredPoints
  /** The part that is seen. */
  readonly part: PointScatterData['part']
  /** What colours tell, where it is that. */
  readonly clusters: ShownClusters | null
  /** Those that are selected together. */
  readonly within: readonly number[]
  /** Those that have their labels first. */
  readonly first: readonly number[]
  readonly labelled: boolean
  /** The method and what is said of its picture. */
  readonly words: string
}

/** Labels that are tried in a figure. */
const mostLabels = 2000

/** A projection as a figure, with a dot for every point that is seen, and all places as numbers. */
export function projectorFormats(
  saved: ProjectionToSave,
  look: Omit<Look, 'range'>,
  version: string
): ExportFormat[] {
  const { model, modelName, run, params, method, points, colored, part, words } = saved
  const axes = axesWords(points)
  const set = setWords[points.set].text
  const place = `${set}, ${words}`
  const from: Provenance = {
    version,
    of: run === null ? modelOrigin(model, place) : runOrigin(model, run, place),
    less: null,
    precision: 'float32',
    again: againUnless(
      { analysis: 'project', params },
      points.set === 'sentences' ? 'it is of other texts than the one that is shown' : null
    )
  }
  const name = `${modelName} · ${set} · ${methodWords[method]}`
  const data = (): PointScatterData => ({
    title: `${model.name} · ${place}`,
    axes: axes && saved.angle === null ? { x: axes[0]!, y: axes[1]! } : null,
    directions: saved.angle ? armsOf(saved.angle, axisNames(points) ?? []) : [],
    // What is seen is written over as points turn.
    places: saved.places.slice(),
    ...colored,
    labels: labelsOf(saved),
    joined: isCurve(points.set),
    part
  })
  const own: Look = { ...look, ...paperLook, range: { low: 0, high: 1 } }
  return [
    ...figureFormats(pointScatter, name, data, own, { from, note: 'what is seen, every point' }),
    ...dataFormats(name, withSelected(points, saved.within), from, 'all points'),
    ...(saved.clusters === null ? [] : clusterFormats(name, saved.clusters, from))
  ]
}

/** Numbers of all points, which tell those that are selected together: of tokens by layer at each. */
function withSelected({ result, index }: ShownPoints, within: readonly number[]): Dataset {
  if (within.length === 0) return result
  const own = new Set(within)
  const data = Int32Array.from({ length: result.axes['point']!.length }, (_, point) =>
    Number(own.has(point % index.length))
  )
  const about = 'whether it is selected: 1, else 0'
  return dataset(
    result.axes,
    { ...result.variables, selected: { axes: ['point'], unit: '', about, data } },
    result.attributes
  )
}

function clusterFormats(name: string, { result, params }: ShownClusters, from: Provenance) {
  const again = { analysis: 'point-clusters', params }
  return dataFormats(`${name} · clusters`, result, { ...from, again }, 'the cluster of each point')
}

function armsOf(angle: Angle, axes: readonly string[]) {
  const [right, up] = directionsOf(angle)
  return axes.map((text, i) => ({ text, x: right[i]!, y: up[i]! }))
}

function labelsOf({ points, places, part, first, labelled }: ProjectionToSave) {
  const labels: { point: number; text: string }[] = []
  const add = (point: number) => labels.push({ point, text: pointText(points, point) })
  first.forEach(add)
  if (!labelled) return labels
  const isSeen = (point: number) =>
    Math.abs(places[2 * point]! - part.x) <= part.width / 2 &&
    Math.abs(places[2 * point + 1]! - part.y) <= part.height / 2
  for (let point = 0; point < points.index.length && labels.length < mostLabels; point++)
    if (isSeen(point)) add(point)
  return labels
}
