import {
  queryScoreNamed,
  type QueryScoreName
} from '#common/analysis/head-contexts/query-scores.ts'
import type { HeadContext, HeadContexts } from '#common/analysis/head-contexts/contexts-of.ts'
import type { Look } from '#common/figure/look.ts'
import type { ScoreHistogramData } from '#common/figure/score-histogram.ts'
import { scaled, unscaled, type ValueRange } from '#common/figure/value-scale.ts'
import { contextLine, type ContextLine } from '#common/text/context-pieces.ts'
import { exactCount, percentText } from '#common/text/number-text.ts'

type Bin = HeadContexts['bins'][number]

/**
 * How the scores of a head's queries are distributed.
 * @param lit the part that is pointed out, from the lowest
 * @param span what the axis has at least room for; null for these scores alone
 */
export function histogramData(
  { cells, bins, mean, baseline }: HeadContexts,
  score: QueryScoreName,
  lit: number | null,
  span: ValueRange | null
): ScoreHistogramData {
  const { words, unit } = queryScoreNamed(score)
  return {
    title: null,
    name: unit === '' ? words : `${words}, ${unit}`,
    cells,
    bins,
    lines: [
      { name: 'mean', value: mean, faint: false },
      ...(baseline === null ? [] : [{ name: 'uniform', value: baseline, faint: true }])
    ],
    lit,
    ...(span && { span })
  }
}

/** What the weights of contexts go up to. */
export function contextExtent({ bins }: HeadContexts): ValueRange {
  const weights = bins.flatMap(({ contexts }) => contexts.flatMap(({ weights }) => weights))
  return { low: 0, high: weights.reduce<number>((most, own) => Math.max(most, own ?? 0), 0) }
}

/** What the scores of queries span. */
export function scoresExtent({ cells }: HeadContexts): ValueRange {
  const occupied = cells.filter(({ count }) => count > 0)
  return {
    low: Math.min(...occupied.map(({ low }) => low)),
    high: Math.max(...occupied.map(({ high }) => high))
  }
}

/** The range of the colours of contexts: up to the largest weight among them, or fixed. */
export function contextLook(
  look: Omit<Look, 'range'>,
  { high }: ValueRange,
  shared: boolean
): Look {
  return { ...look, range: { low: 0, high: look.follows && high > 0 ? high : 1 }, shared }
}

/** The least weight that a colour shows: below it tokens look like paper. */
function leastSeen({ scale, range }: Look): number {
  return unscaled(scale, 0.06 * scaled(scale, range.high))
}

/** What a part of the range is called. */
function binText(
  { low, high, count }: Bin,
  { queries, unit }: HeadContexts,
  text: (value: number) => string
): { readonly range: string; readonly count: string } {
  const range = low === high ? text(low) : `${text(low)} to ${text(high)}`
  const share = percentText(count / queries)
  const all = count === 1 ? '1 query' : `${exactCount(count)} queries`
  return { range: unit === '' ? range : `${range} ${unit}`, count: `${all}, ${share}` }
}

/** A query as it is written, and what it is. */
export interface WrittenContext extends ContextLine {
  readonly context: HeadContext
  readonly score: string
}

/** Contexts of a part of the range. */
export interface ContextGroup {
  /** Of the part, from the lowest. */
  readonly bin: number
  readonly range: string
  readonly count: string
  readonly label: string
  readonly lines: readonly WrittenContext[]
}

/** Contexts as they are written, those of the highest scores first. */
export function contextGroups(
  contexts: HeadContexts,
  look: Look,
  text: (value: number) => string
): ContextGroup[] {
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
