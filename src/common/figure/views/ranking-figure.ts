import type { ScoredHead } from '../../analysis/head-scores/ranking.ts'
import type { HeadScoreKind } from '../../analysis/head-scores/score-kinds.ts'
import { precisionOf } from '../../analysis/result-precision.ts'
import type { ModelInfo } from '../../contract/schemas.ts'
import { axis, dataset, type Dataset } from '../../data/dataset.ts'
import { lessCaption } from '../captions.ts'
import { signedBars, signedExtent, type SignedBarsData } from '../signed-bars.ts'
import type { ValueRange } from '../value-scale.ts'
import type { ViewFigure } from './figure-view.ts'
import { runOrigin, type RunRead } from './origin.ts'

/** Heads in the order of a score, or of a difference of it. */
export interface FiguredRanking {
  readonly heads: readonly ScoredHead[]
  readonly kind: HeadScoreKind
  readonly of: RankedOf
  /** Whose scores are taken from theirs, in a difference; else null. */
  readonly less: RankedOf | null
  /** What the axis has at least room for; null for these heads alone. */
  readonly span: ValueRange | null
}

interface RankedOf {
  readonly model: ModelInfo
  readonly run: RunRead
  /** What `head-scores` came to. */
  readonly results: readonly Dataset[]
}

/** Heads that are drawn at most, the first ones. */
const mostBars = 40

/** What heads are ordered by, in words. */
export function rankedBy({ name }: HeadScoreKind, isDifference: boolean): string {
  return isDifference ? `difference of ${name.toLowerCase()}` : name.toLowerCase()
}

/** What the bars of heads reach. */
export function rankingExtent(heads: readonly ScoredHead[]): ValueRange {
  return signedExtent(barsOf(heads))
}

/** Those that are drawn. */
function barsOf(heads: readonly ScoredHead[]): SignedBarsData['bars'] {
  return heads.slice(0, mostBars).map(({ layer, head, value }) => ({
    ...{ label: `Head ${layer}.${head}`, value, spread: null, isSum: false }
  }))
}

/** Heads as bars, the first on top. */
export function rankingFigure(
  { heads, kind, of, less, span }: FiguredRanking,
  version: string
): ViewFigure<SignedBarsData> {
  const score = rankedBy(kind, less !== null)
  const own = `heads by ${score}`
  const caption = less && lessCaption({ ...of, name: '' }, { ...less, name: '' })
  const what = caption === null ? own : `${caption} · ${own}`
  const origin = ({ model, run }: RankedOf) => runOrigin(model, run, own)
  const bars = barsOf(heads)
  const left = bars.length < heads.length ? `, the first ${mostBars} of ${heads.length}` : ''
  return {
    what,
    kind: signedBars,
    data: {
      title: `${caption ?? of.model.name} · ${own}${left}`,
      ...{ name: score, bars },
      ...(span && { span })
    },
    from: {
      version,
      of: origin(of),
      less: less && origin(less),
      precision: precisionOf(...of.results, ...(less?.results ?? []))
    },
    dataset: () => rankingDataset(heads, score)
  }
}

/** Heads in their order, and what each scored. */
export function rankingDataset(heads: readonly ScoredHead[], score: string): Dataset {
  const axes = ['rank']
  const whole = (of: (each: ScoredHead) => number) => Int32Array.from(heads, of)
  const names = heads.map(({ layer, head }) => `Head ${layer}.${head}`)
  return dataset(
    { rank: axis(names) },
    {
      layer: { axes, unit: '', about: '', data: whole(({ layer }) => layer) },
      head: { axes, unit: '', about: '', data: whole(({ head }) => head) },
      score: { axes, unit: '', about: score, data: Float64Array.from(heads, ({ value }) => value) }
    }
  )
}
