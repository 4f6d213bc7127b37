import { z } from 'zod'
import { Corpus } from '../../analysis/subject.ts'
import { tokenCounts } from '../../analysis/token-counts.ts'
import { pointParams } from '../../analysis/project/collected-points.ts'
import { frameAt, frameCount } from '../../analysis/project/layer-frames.ts'
import { isOfTexts } from '../../analysis/project/point-sets.ts'
import { pointClusters } from '../../analysis/project/point-clusters.ts'
import { project, ProjectParams } from '../../analysis/project/project.ts'
import { shownPoints, type ShownPoints } from '../../analysis/project/shown-points.ts'
import { LamellaError } from '../../model/errors.ts'
import { firstAngle } from '../orbit.ts'
import {
  coloredPoints,
  namedClusters,
  ranksByIds,
  ranksOfCounts,
  type ColoredPoints,
  type TokenRanks
} from '../point-colors.ts'
import { coloringOf, colorings, mostClusters } from '../point-colorings.ts'
import { boundsOf } from '../plane-bounds.ts'
import { seenFrom, spaceOf } from '../space.ts'
import { figureView, modelFigure, type FigureSource } from './figure-view.ts'
import { LookParams, plainLook } from './look-params.ts'
import { projectorFigure } from './projector-figure.ts'

const Points = z.array(z.int().min(0)).default([])

const ProjectorParams = ProjectParams.extend({
  /** Of space: how far points are turned about what is upright, and then tipped towards the viewer, in radians. */
  angle: z.tuple([z.number(), z.number()]).nullable().default(null),
  /** The part that is seen, in units of the picture: its middle, how far across and upwards; all points where it is left out. */
  part: z
    .tuple([z.number(), z.number(), z.number().positive(), z.number().positive()])
    .nullable()
    .default(null),
  /** Of tokens at each layer the one that is seen: 0 of what enters the first block. */
  frame: z.int().min(0).nullable().default(null),
  /** What points are told apart by; what suits them where it is left out. */
  color: z.enum(colorings).nullable().default(null),
  colors: LookParams.shape.colors,
  /** Of colours by frequency: the texts in which tokens are counted, and what they are called; the order of ids stands in for them. */
  counted: Corpus.extend({ name: z.string() }).nullable().default(null),
  /** Of colours by cluster: how many, and names that some have, by their numbers. */
  clusters: z.int().min(2).max(mostClusters).default(6),
  names: z.record(z.string(), z.string()).default({}),
  /** Whether points have labels, as many as there is room for; and those that have theirs in any case, first, by their places among the points. */
  labels: z.boolean().default(true),
  marked: Points,
  /** Points that their numbers tell to be selected. */
  selected: Points
})
export type ProjectorParams = z.output<typeof ProjectorParams>

/** Vectors of a model as points. */
export const projectorView = figureView({
  name: 'projector',
  analyses: ['project'],
  about:
    'vectors as points in the plane or in space: tokens, positions, neurons or heads by their weights, or a text’s tokens at a layer; by principal components, t-SNE, UMAP or along an axis',
  of: 'windows or weights',
  params: ProjectorParams,
  async make({ model, version, windows, analysis }, params) {
    const { set, method, color, colors, clusters, names, counted } = params
    const reads = isOfTexts(set) ? 'whole' : 'weights'
    const asked = pick(params, Object.keys(ProjectParams.shape))
    const whole = shownPoints(await analysis(project.name, asked, reads))
    const coloring = coloringOf(whole, color)
    const told =
      coloring === 'cluster' ? { ...pick(params, Object.keys(pointParams)), clusters } : null
    const found =
      told && (await analysis(pointClusters.name, { ...told, points: whole.index.length }, reads))
    const clustered = found && namedClusters(whole, found, names)
    const isCounted = coloring === 'frequency' && counted !== null
    const frequencies = isCounted ? await ranksIn(counted, analysis) : ranksByIds
    const { points, frame, angle, ...seen } = seenBy(whole, params)
    const figure = projectorFigure(
      {
        ...{ model, run: reads === 'whole' ? (await windows()).run : null, method },
        ...{ points, frame, angle, ...seen },
        colored: coloredFrame(coloredPoints(whole, color, clustered, frequencies), points, frame),
        labelled: params.labels,
        params: {
          ...asked,
          color,
          colors,
          ...(isCounted && { counted }),
          ...(told && { clusters, names })
        }
      },
      version
    )
    const range = { low: 0, high: 1 }
    return modelFigure(model, figure, { ...plainLook, colorMap: colors, range })
  }
})

/** How frequent tokens are in some texts. */
async function ranksIn(
  { name, ...corpus }: NonNullable<ProjectorParams['counted']>,
  analysis: FigureSource['analysis']
): Promise<TokenRanks> {
  return ranksOfCounts(await analysis(tokenCounts.name, {}, corpus), name)
}

/** The colours of one layer's points, which say the same at each. */
export function coloredFrame(
  { colored, colors }: ColoredPoints,
  { index: { length } }: ShownPoints,
  frame: number | null
): ColoredPoints {
  const start = (frame ?? 0) * length
  return { colored, colors: frame === null ? colors : colors.subarray(start, start + length) }
}

/** What of all points is seen, and from where. @throws LamellaError `invalid-argument` naming what is not among them */
function seenBy(whole: ShownPoints, params: ProjectorParams) {
  const count = frameCount(whole)
  const frame = count === null ? null : (params.frame ?? 0)
  if (frame !== null) checkAmong('frame', [frame], count!)
  const points = frame === null ? whole : frameAt(whole, count!, frame)
  const { marked, selected } = params
  checkAmong('marked', marked, points.index.length)
  checkAmong('selected', selected, points.index.length)
  const [turn, tip] = params.angle ?? [firstAngle.turn, firstAngle.tip]
  const angle = whole.dimensions === 3 ? { turn, tip } : null
  const placesOf = ({ places }: ShownPoints) =>
    angle === null ? places : seenFrom({ ...spaceOf(whole.places), places }, angle).places
  const [x, y, width, height] = params.part ?? wholePart(placesOf(whole))
  const part = { x, y, width, height }
  return { points, frame, angle, marked, selected, places: placesOf(points), part }
}

/** All points, with a little room around them. */
function wholePart(places: Float32Array): [number, number, number, number] {
  const { left, right, bottom, top } = boundsOf(places)
  const wider = (span: number) => 1.1 * (span || 1)
  return [(left + right) / 2, (bottom + top) / 2, wider(right - left), wider(top - bottom)]
}

function checkAmong(param: string, numbers: readonly number[], count: number): void {
  const wrong = numbers.find(number => number >= count)
  if (wrong !== undefined)
    throw new LamellaError('invalid-argument', `${param}: ${wrong} is outside 0…${count - 1}`)
}

function pick(params: ProjectorParams, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(params).filter(([name]) => names.includes(name)))
}
