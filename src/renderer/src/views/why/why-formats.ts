import { paperLook, type Look } from '#common/figure/look.ts'
import { plainLook } from '#common/figure/views/look-params.ts'
import { readOfRun } from '#common/figure/views/origin.ts'
import {
  whyHeadsFigure,
  whyPartsFigure,
  whyPromptsFigure,
  whyRange,
  whySumFigure
} from '#common/figure/views/why-figures.ts'
import { readBy } from '../../stores/analyses.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'
import type { ShownWhy } from './use-why.ts'

/**
 * The files that an answer can be saved as: what the difference is the sum of, the strongest parts, heads, each of several prompts, all
 * numbers, and those of the sum, of every part and of the prompts as tables.
 * @param modelName what the model is called among those that are open
 * @param version of Lamella
 */
export function whyFormats(
  { model, run, result, prompts, at, by, parts: named }: ShownWhy,
  modelName: string,
  version: string
): ExportFormat[] {
  const why = {
    ...{ model, run: prompts === null ? run : readOfRun(run, readBy(prompts)), result, at },
    ...{ over: prompts?.name ?? null, params: { at, by } }
  }
  const look: Look = { ...plainLook, ...paperLook }
  const [sum, parts] = [whySumFigure(why, version), whyPartsFigure(why, version)]
  const heads = whyHeadsFigure(why, version)
  const each = whyPromptsFigure(why, version)
  const file = (what: string) => `${modelName} · ${what}`
  const wishes = ({ from, what, dataset }: typeof sum | typeof heads) => ({
    ...{ from, note: what, dataset }
  })
  return [
    ...figureFormats(sum.kind, file(sum.what), sum.data, look, wishes(sum)),
    ...figureFormats(parts.kind, file(parts.what), parts.data, look, wishes(parts)),
    ...figureFormats(
      heads.kind,
      file(heads.what),
      heads.data,
      { ...look, range: whyRange(heads.data) },
      wishes(heads)
    ),
    ...(each ? figureFormats(each.kind, file(each.what), each.data, look, wishes(each)) : []),
    ...dataFormats(file('why'), result, {
      ...sum.from,
      again: { analysis: 'why', params: { at, by, parts: named } }
    }),
    ...dataFormats(file(sum.what), sum.dataset, sum.from, sum.what),
    ...dataFormats(file(heads.what), heads.dataset, heads.from, 'every part'),
    ...(each ? dataFormats(file(each.what), each.dataset, each.from, each.what) : [])
  ]
}
