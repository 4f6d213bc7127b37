import { againLess } from '#common/figure/again-of-sides.ts'
import { attentionLines, type AttentionLinesData } from '#common/figure/attention-lines.ts'
import type { LinesOf } from '#common/figure/drawn-lines.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import type { FigureCommand, FigureOrigin } from '#common/figure/provenance.ts'
import { linesFigure, linesOrigin, type FiguredLines } from '#common/figure/views/lines-figure.ts'
import { lookParams } from '#common/figure/views/look-params.ts'
import { namedOf } from '#common/text/figure-title.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import type { HeadPattern } from '../../ui/attention-map/pattern.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'

/** Lines of some heads, and what they are of. */
export interface LinesToSave {
  /** Of one run. */
  readonly patterns: readonly HeadPattern[]
  /** What is taken from it; null where nothing is. */
  readonly less: FiguredLines['less'] | null
  /** What its model is called among those that are open. */
  readonly modelName: string
  readonly least: string
  /** The token whose lines are drawn alone; null for those of all. */
  readonly alone: Exclude<LinesOf, { from: number }> | null
  readonly mirrored: boolean
  readonly look: Look
  /** The rows that are saved; null for all. */
  readonly part: { readonly first: number; readonly rows: number } | null
  /** Reckoned when it is saved. */
  readonly data: () => AttentionLinesData
  /** Of Lamella. */
  readonly version: string
}

/** The files that lines can be saved as: their picture, and their weights. */
export function linesFormats(shown: LinesToSave): ExportFormat[] {
  const { patterns, less, modelName, least, look, part, version } = shown
  const { model, run, layer, firstHidden } = patterns[0]!
  const heads = patterns.map(({ head }) => head)
  const of = { model, run, layer, heads, firstHidden, ...(less && { less }) }
  const { short, from: origin } = linesOrigin(of, version)
  const from = { ...origin, again: commandOf(shown, heads, origin) }
  const title = namedOf(modelName, `${short} · lines`)
  const figure = () => linesFigure(of, shown.data(), least, version)
  const dataset = () => figure().dataset()
  return [
    ...figureFormats(
      attentionLines,
      title,
      () => figure().data,
      { ...look, ...paperLook },
      { from, note: part === null ? '' : 'the rows that are seen', dataset }
    ),
    ...dataFormats(title, dataset, from)
  ]
}

/** The command that draws the rows again. */
function commandOf(
  { patterns, less, least, alone, mirrored, look, part }: LinesToSave,
  heads: readonly number[],
  origin: FigureOrigin
): FigureCommand {
  const { layer, firstHidden } = patterns[0]!
  const { scale, range } = lookParams(look)
  const command = (layer: number, heads: readonly number[]) => ({
    view: 'lines',
    params: {
      ...{ layer, heads: [...heads], least: Number(least) },
      ...(alone && { [alone.side]: alone.position }),
      ...(firstHidden && { first_token: 'hidden' }),
      ...(mirrored && { mirrored: true }),
      ...{ scale, range, ...part }
    }
  })
  const own = command(layer, heads)
  return againLess(own, less ? command(less.layer, less.heads) : own, origin)
}
