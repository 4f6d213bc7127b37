import type { RankWishes, ScoredHead } from '#common/analysis/head-scores/ranking.ts'
import type { HeadScoreKind } from '#common/analysis/head-scores/score-kinds.ts'
import type { Dataset } from '#common/data/dataset.ts'
import { againOfSides } from '#common/figure/again-of-sides.ts'
import { paperLook } from '#common/figure/look.ts'
import type { Provenance } from '#common/figure/provenance.ts'
import type { ValueRange } from '#common/figure/value-scale.ts'
import { boundsOf, plainLook } from '#common/figure/views/look-params.ts'
import { rankingFigure } from '#common/figure/views/ranking-figure.ts'
import { namedOf } from '#common/text/figure-title.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'
import type { RunOfModel } from './use-small-maps.ts'

/** A run, and what `head-scores` came to of its layers. */
export interface ScoredRun extends RunOfModel {
  readonly results: readonly Dataset[]
}

/** Heads in the order of a score, and where they come from. */
interface OrderToSave {
  readonly heads: readonly ScoredHead[]
  readonly kind: HeadScoreKind
  readonly wishes: RankWishes
  readonly of: ScoredRun
  /** Whose scores are taken from theirs, in a difference; else null. */
  readonly less: ScoredRun | null
  /** What both of two beside each other reach; null of one alone. */
  readonly span: ValueRange | null
  /** What the model is called among those that are open. */
  readonly modelName: string
}

/**
 * What they can be saved as: the first of them as bars, and all with what they scored.
 * @param version of Lamella
 */
export function orderFormats(
  { heads, kind, wishes, of, less, span, modelName }: OrderToSave,
  version: string
): ExportFormat[] {
  if (heads.length === 0) return []
  const figure = rankingFigure({ heads, kind, of, less, span }, version)
  const params = {
    ...orderParams(heads, kind, wishes, of),
    ...(span && { range: boundsOf(span) })
  }
  const again = { view: 'head-ranking', params }
  const side = (origin: Provenance['of']) => ({ again, of: origin })
  const from: Provenance = {
    ...figure.from,
    again:
      figure.from.less === null
        ? again
        : againOfSides('difference', side(figure.from.of), side(figure.from.less))
  }
  const title = namedOf(modelName, figure.what)
  const look = { ...plainLook, ...paperLook }
  const wish = { note: figure.what, from, dataset: figure.dataset }
  return [
    ...figureFormats(figure.kind, title, figure.data, look, wish),
    ...dataFormats(title, figure.dataset, from, figure.what)
  ]
}

/** As a command takes them: the layers where heads of all of them are not there. */
function orderParams(
  heads: readonly ScoredHead[],
  { id: score }: HeadScoreKind,
  { lowestFirst, bound }: RankWishes,
  { model }: RunOfModel
) {
  const layers = [...new Set(heads.map(({ layer }) => layer))].sort((a, b) => a - b)
  return {
    score,
    ...(lowestFirst && { lowest_first: true }),
    ...(bound !== null && { bound }),
    ...(layers.length < (model.config?.nLayers ?? 0) && { layers })
  }
}
