import { queryScoreNamed } from '#common/analysis/head-contexts/query-scores.ts'
import type { AtlasHead } from '#common/analysis/head-atlas/head-atlas.ts'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import type { HeadContext } from '#common/analysis/head-contexts/contexts-of.ts'
import type { ContextGroup } from '#common/figure/context-group.ts'
import { againLess } from '#common/figure/again-of-sides.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import type { FigureCommand } from '#common/figure/provenance.ts'
import type { ValueRange } from '#common/figure/value-scale.ts'
import {
  offsetsFigure,
  offsetsLess,
  type FiguredAtlas
} from '#common/figure/views/atlas-figures.ts'
import type { ViewFigure } from '#common/figure/views/figure-view.ts'
import { boundsOf, lookParams } from '#common/figure/views/look-params.ts'
import { readOfRun } from '#common/figure/views/origin.ts'
import {
  contextsFigure,
  distributionFigure,
  type FiguredProfile
} from '#common/figure/views/profile-figures.ts'
import { namedOf } from '#common/text/figure-title.ts'
import type { ScoredOver } from '../../stores/analyses.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'
import type { ProfileOptions } from './profile-options.ts'

/** One of two heads that are subtracted, and the atlas that it is in. */
interface HeadSide extends Pick<FiguredAtlas, 'atlas' | 'result' | 'read'> {
  readonly model: ModelInfo
  readonly run: Run
  readonly over: ScoredOver & { readonly window: number }
  readonly own: AtlasHead
}

/** The files that what one head does less what another does can be saved as. */
export function headDifferenceFormats(
  { a, b, modelName }: { readonly a: HeadSide; readonly b: HeadSide; readonly modelName: string },
  look: Look,
  version: string
): ExportFormat[] {
  const [own, other] = [a, b].map(({ own: head, over, run, ...side }) => ({
    whole: { ...side, run: readOfRun(run, over) },
    head
  }))
  const whole = offsetsLess(own!, other!)
  const figure = offsetsFigure(whole, whole.atlas.heads[0]!, version)
  const command = ({ own: { layer, head } }: HeadSide) => ({
    view: 'offsets',
    params: { layer, head }
  })
  const from = { ...figure.from, again: againLess(command(a), command(b), figure.from) }
  const onPaper = { ...look, ...paperLook }
  return [
    ...figureFormats(figure.kind, namedOf(modelName, figure.what), figure.data, onPaper, {
      ...{ from, dataset: figure.dataset }
    }),
    ...dataFormats(namedOf(modelName, `${whole.less!.caption} · scores`), figure.dataset(), from)
  ]
}

/** What a profile is saved of. */
export interface ProfileToSave
  extends FiguredProfile, Pick<ProfileOptions, 'by' | 'drawn' | 'seed'> {
  readonly model: ModelInfo
  /** What the model is called among those that are open. */
  readonly modelName: string
  readonly over: ScoredOver & { readonly window: number }
  readonly groups: readonly ContextGroup<HeadContext>[]
  readonly mirrored: boolean
  /** What the axis of the distribution has room for; null for its own scores alone. */
  readonly span: ValueRange | null
}

/** The files that a profile can be saved as: contexts, distribution, and all of its numbers. */
export function profileFormats(whole: ProfileToSave, look: Look, version: string): ExportFormat[] {
  const { modelName, groups, mirrored, span } = whole
  const onPaper = { ...look, ...paperLook }
  const figured = { ...whole, run: readOfRun(whole.run, whole.over) }
  const contexts = contextsFigure(figured, { groups: [...groups], mirrored }, version)
  const distribution = distributionFigure(figured, span, version)
  const { colors, scale, range } = lookParams(look)
  const saved = <D extends { readonly title: string | null }>(
    { what, kind, data, from, dataset }: ViewFigure<D>,
    note: string,
    again: FigureCommand
  ) =>
    figureFormats(kind, `${modelName} · ${what}`, data, onPaper, {
      note,
      from: { ...from, again },
      dataset
    })
  const params = paramsOf(whole)
  const again = {
    view: 'head-contexts',
    params: { ...params, mirrored, colors, scale, range }
  }
  return [
    ...saved(contexts, 'the contexts', again),
    ...saved(distribution, 'the distribution', {
      view: 'head-distribution',
      params: { ...params, ...(span && { range: boundsOf(span) }) }
    }),
    ...dataFormats(
      `${modelName} · Head ${whole.layer}.${whole.head} · ${queryScoreNamed(whole.score).words}`,
      contexts.dataset(),
      { ...contexts.from, again }
    )
  ]
}

function paramsOf({ layer, head, score, by, drawn, seed, firstHidden }: ProfileToSave) {
  const hidden = firstHidden && { first_token: 'hidden' }
  return { layer, head, score, by, drawn, seed, ...hidden }
}
