import { firstTokenHidden } from '../../analysis/first-token.ts'
import type { Binning } from '../../analysis/head-contexts/score-bins.ts'
import type { ModelInfo } from '../../contract/schemas.ts'
import { withDrawn, type Dataset } from '../../data/dataset.ts'
import { leastSeen, type ContextGroup } from '../context-group.ts'
import { contextLines, type ContextLinesData } from '../context-lines.ts'
import type { FigureOrigin } from '../provenance.ts'
import { scoreHistogram } from '../score-histogram.ts'
import type { ViewFigure } from './figure-view.ts'
import { runOrigin, type RunRead } from './origin.ts'
import { queryScoreNamed, type QueryScoreName } from '../../analysis/head-contexts/query-scores.ts'
import type { HeadContext, HeadContexts } from '../../analysis/head-contexts/contexts-of.ts'
import { precisionOf } from '../../analysis/result-precision.ts'
import type { Look } from '../look.ts'
import type { ScoreHistogramData } from '../score-histogram.ts'
import type { ValueRange } from '../value-scale.ts'
import { contextLine } from '../../text/context-pieces.ts'
import { counted, percentText } from '../../text/number-text.ts'

type Bin = HeadContexts['bins'][number]

/**
 * How the scores of a head's queries are distributed.
 * @param lit the part that is pointed out, from the lowest
 * @param span what the axis has at least room for; null for these scores alone
 */
export function histogramData(
  { cells, bins, mean, baseline }: Pick<HeadContexts, 'cells' | 'bins' | 'mean' | 'baseline'>,
  score: QueryScoreName,
  lit: number | null,
  span: ValueRange | null
): ScoreHistogramData {
  const { words, unit } = queryScoreNamed(score)
  // Uniform attention may lie beyond all scores.
  const room = span ?? (baseline === null ? null : { low: baseline, high: baseline })
  return {
    title: null,
    name: unit === '' ? words : `${words}, ${unit}`,
    counts: 'queries',
    cells,
    bins,
    lines: [
      { name: 'mean', value: mean, faint: false },
      ...(baseline === null ? [] : [{ name: 'uniform', value: baseline, faint: true }])
    ],
    lit,
    ...(room && { span: room })
  }
}

/** What the weights of contexts go up to. */
export function contextExtent({
  bins
}: {
  readonly bins: readonly Pick<Bin, 'contexts'>[]
}): ValueRange {
  const weights = bins.flatMap(({ contexts }) => contexts.flatMap(({ weights }) => weights))
  return { low: 0, high: weights.reduce<number>((most, own) => Math.max(most, own ?? 0), 0) }
}

/** What the scores of queries span, with that of uniform attention. */
export function scoresExtent({
  cells,
  baseline
}: Pick<HeadContexts, 'cells' | 'baseline'>): ValueRange {
  const occupied = cells.filter(({ count }) => count > 0)
  const uniform = baseline === null ? [] : [baseline]
  return {
    low: Math.min(...occupied.map(({ low }) => low), ...uniform),
    high: Math.max(...occupied.map(({ high }) => high), ...uniform)
  }
}

/**
 * The look of contexts: its range goes up to the largest weight among them, or is fixed.
 * @param look whose range is what weights span, or those of several
 */
export function contextLook(look: Look): Look {
  const { high } = look.range
  return { ...look, range: { low: 0, high: look.follows && high > 0 ? high : 1 } }
}

/** What a part of the range is called. */
function binText(
  { low, high, count }: Bin,
  { queries, unit }: HeadContexts,
  text: (value: number) => string
): { readonly range: string; readonly count: string } {
  const range = low === high ? text(low) : `${text(low)} to ${text(high)}`
  const share = percentText(count / queries)
  const all = counted(count, 'query', 'queries')
  return { range: unit === '' ? range : `${range} ${unit}`, count: `${all}, ${share}` }
}

/** Contexts as they are written, those of the highest scores first. */
export function contextGroups(
  contexts: HeadContexts,
  look: Look,
  text: (value: number) => string
): ContextGroup<HeadContext>[] {
  const least = leastSeen(look)
  return contexts.bins
    .map((own, bin) => {
      const { range, count } = binText(own, contexts, text)
      const lines = own.contexts.map(context => ({
        ...{ context, score: text(context.score) },
        ...contextLine(context, least)
      }))
      return { bin, range, count, label: `${range} · ${count}`, lines: lines.toReversed() }
    })
    .toReversed()
}

/** Parts of the range that contexts are drawn from. */
const bins = 10
/** Tokens on each side of a query that are had at most: a window of the usual length is had whole. */
const most = 128
/** Tokens on each side of a query that are shown. */
export const contextsAround = 48

/** What `head-contexts` is asked for a profile. */
export function profileDrawing({
  by,
  drawn,
  seed,
  window
}: {
  readonly by: Binning
  readonly drawn: number
  readonly seed: number
  readonly window: number
}) {
  return { bins, by, per_bin: drawn, around: Math.min(most, window), seed }
}

/** What one head does, and of what that was read. */
export interface FiguredProfile {
  readonly model: Pick<ModelInfo, 'name' | 'fingerprint'>
  readonly run: RunRead
  readonly layer: number
  readonly head: number
  readonly score: QueryScoreName
  readonly firstHidden: boolean
  readonly result: Dataset
  readonly found: HeadContexts
  /** What was read, such as `12 windows of 128 tokens of the text`. */
  readonly read: string
}

/** Queries of a head in their texts. */
export function contextsFigure(
  whole: FiguredProfile,
  shown: Pick<ContextLinesData, 'groups' | 'mirrored'>,
  version: string
): ViewFigure<ContextLinesData> {
  const what = `contexts by ${queryScoreNamed(whole.score).words}`
  return {
    ...named(whole, what, ['weight', 'context.bin', 'context.score'], version),
    kind: contextLines,
    data: { ...shown, ...titled(whole, what), unit: 'attention of the query' }
  }
}

/**
 * How the scores of a head's queries are distributed.
 * @param span what the axis has at least room for; null for these scores alone
 */
export function distributionFigure(
  whole: FiguredProfile,
  span: ValueRange | null,
  version: string
): ViewFigure<ScoreHistogramData> {
  const { words } = queryScoreNamed(whole.score)
  const data = { ...histogramData(whole.found, whole.score, null, span), ...titled(whole, words) }
  const drawn = ['cell.low', 'cell.high', 'cell.queries']
  const figure = named(whole, `distribution of ${words}`, drawn, version)
  return { ...figure, kind: scoreHistogram, data }
}

function titled({ model, layer, head, firstHidden, read }: FiguredProfile, what: string) {
  const hidden = firstHidden ? [firstTokenHidden] : []
  return { title: [model.name, `Head ${layer}.${head}`, what, ...hidden, read].join(' · ') }
}

function named(whole: FiguredProfile, what: string, drawn: readonly string[], version: string) {
  const { model, run, layer, head, score, firstHidden, result, read } = whole
  const name = `Head ${layer}.${head}`
  const hidden = firstHidden ? [firstTokenHidden] : []
  const place = [name, queryScoreNamed(score).words, ...hidden, `over ${read}`].join(', ')
  const from: FigureOrigin = {
    version,
    of: runOrigin(model, run, place),
    ...{ less: null, precision: precisionOf(result) }
  }
  return { what: `${name} · ${what}`, from, dataset: () => withDrawn(result, drawn) }
}
