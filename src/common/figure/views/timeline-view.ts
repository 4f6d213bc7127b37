import { z } from 'zod'
import { analysisNamed } from '../../analysis/registry.ts'
import { timeline, timelineVariable } from '../../analysis/timeline/timeline.ts'
import type { Dataset } from '../../data/dataset.ts'
import { Json } from '../../model/json.ts'
import { lastPart } from '../../text/last-part.ts'
import { visibleText } from '../../text/visible-text.ts'
import { linePlot, type LinePlotData } from '../line-plot.ts'
import { figureView, modelFigure, type ViewFigure } from './figure-view.ts'
import { modelOrigin, runOrigin, type ModelRead, type RunRead } from './origin.ts'
import { layerStatistics } from './weights-by-layer.ts'
import { plainLook } from './look-params.ts'
import { timelineGroupings, timelineLines, timelinePlot, timelineSteps } from './timeline-lines.ts'
import type { Provenance } from '../provenance.ts'

/** A number that the window offers to follow; the command line follows any. */
export interface FollowedNumber {
  readonly of: string
  readonly words: string
  /** It is of weights that are chosen by what they do. */
  readonly ofWeights: boolean
}

/** What is followed most. */
export const followedNumbers: readonly FollowedNumber[] = [
  { of: 'loss', words: 'loss', ofWeights: false },
  { of: 'random-repeat.induction', words: 'induction on random tokens', ofWeights: false },
  { of: 'head-scores.induction', words: 'induction', ofWeights: false },
  { of: 'head-scores.previous_mul', words: 'previous token', ofWeights: false },
  { of: 'head-scores.duplicate', words: 'duplicate token', ofWeights: false },
  { of: 'head-scores.entropy', words: 'entropy', ofWeights: false },
  { of: 'head-scores.distance', words: 'distance', ofWeights: false },
  ...layerStatistics
    .filter(({ quartiles }) => !quartiles)
    .map(({ analysis, name, words }): FollowedNumber => ({
      ...{ of: `${analysis}.${name}`, words, ofWeights: true }
    }))
]

/** What a timeline's numbers are called. */
export function timelineWords(of: string): string {
  const { variable } = timelineVariable(of)
  return followedNumbers.find(own => own.of === of)?.words ?? variable
}

/** Whether a number is of a text; else of weights, or of what its analysis brings itself. */
export function followsText(of: string): boolean {
  const analysis = analysisNamed(timelineVariable(of).analysis)
  return analysis.of !== 'weights' && analysis.windows === undefined
}

/** What the folder of a timeline's checkpoints is called. */
export function trainingName({ attributes }: Dataset): string {
  const { folder } = attributes
  return typeof folder === 'string' ? visibleText(lastPart(folder)) : 'training'
}

const TimelineFigureParams = z.strictObject({
  /** `loss`, or a variable of an analysis. */
  of: z.string().default('loss'),
  /** Those of that analysis. */
  params: z.record(z.string(), Json).default({}),
  by: z.enum(timelineGroupings).default('each'),
  /** Whether each step of the axis is a factor. */
  log: z.boolean().default(false),
  /** The line that stands out, by its name, such as `Head 1.3`. */
  line: z.string().nullable().default(null)
})
export type TimelineFigureParams = z.output<typeof TimelineFigureParams>

/** A number from checkpoint to checkpoint. */
export const timelineView = figureView({
  name: 'timeline',
  analyses: ['timeline'],
  about:
    'a number through the checkpoints beside the model: the loss on a text, scores of heads, statistics of weights, or any variable of an analysis',
  of: 'checkpoints',
  params: TimelineFigureParams,
  async make({ model, version, windows, analysis }, params) {
    const { of } = params
    const ofText = followsText(of)
    const asked = { of, params: params.params }
    const result = await analysis(timeline.name, asked, ofText ? 'whole' : 'weights')
    const read = ofText ? (await windows()).run : null
    const figure = timelineFigure(model, result, params, read, version)
    return modelFigure({ name: trainingName(result) }, figure, plainLook)
  }
})

/**
 * That figure, of what `timeline` came to.
 * @param read the run that it is of; null of what reads no text
 */
export function timelineFigure(
  model: ModelRead,
  result: Dataset,
  params: TimelineFigureParams,
  read: RunRead | null,
  version: string
): ViewFigure<LinePlotData, Provenance> {
  const { of, by, log, line } = params
  const words = timelineWords(of)
  const what = `${whoseNumber(params.params)}${words} by step`
  const lines = timelineLines(result, by)
  const selected = line === null ? -1 : lines.findIndex(({ name }) => name === line)
  const title = `${trainingName(result)} · ${what}`
  const over = read?.corpus === undefined ? '' : `, over ${visibleText(read.corpus.name)}`
  const place = `${what}${over}, of the checkpoints beside it`
  return {
    what,
    kind: linePlot,
    data: timelinePlot(lines, timelineSteps(result), {
      ...{ words, title, log },
      selected: selected < 0 ? null : selected
    }),
    from: {
      version,
      of: read === null ? modelOrigin(model, place) : runOrigin(model, read, place),
      ...{ less: null, precision: 'float32' },
      again: { view: 'timeline', params }
    },
    dataset: () => result
  }
}

/** The role that weights were chosen by, before what is told of them. */
function whoseNumber({ roles }: TimelineFigureParams['params']): string {
  const names = Array.isArray(roles) ? roles.filter(role => typeof role === 'string') : []
  return names.length === 0 ? '' : `${visibleText(names.join(', '))} · `
}
