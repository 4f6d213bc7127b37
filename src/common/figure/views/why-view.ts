import { z } from 'zod'
import { whyPlaces } from '../../analysis/why/why-place.ts'
import { figureView, madeFigure } from './figure-view.ts'
import { plainLook } from './look-params.ts'
import { whyHeadsFigure, whyPartsFigure, whyRange, whySumFigure } from './why-figures.ts'

const WhyParams = z.strictObject({
  /** A position and two token ids: `7:12-5`, or `last:12-5`; of a corpus one for all texts or, with commas, one for each. */
  at: z.string().max(400_000).regex(whyPlaces, 'expected a position and two token ids'),
  /** What the difference is the sum of, what the strongest parts give, or what each head gives. */
  form: z.enum(['sum', 'parts', 'heads']).default('sum'),
  /** What takes the place of parts that are ablated. */
  by: z.enum(['zero', 'mean']).default('mean')
})

/** Why the model prefers one token to another. */
export const whyView = figureView({
  name: 'why',
  analyses: ['why'],
  about:
    'what makes the logit of one token higher than that of another: their sum, the strongest parts, or each head',
  of: 'text',
  params: WhyParams,
  async make({ model, version, windows, analysis }, { form, at, by }) {
    const { run, corpus } = await windows()
    const result = await analysis('why', { at, by })
    const over = corpus?.name ?? null
    const why = { model, run, result, over, at, params: { at, by }, none: null }
    if (form === 'sum') return madeFigure(model, whySumFigure(why, version), plainLook)
    if (form === 'parts') return madeFigure(model, whyPartsFigure(why, version), plainLook)
    const figure = whyHeadsFigure(why, version)
    return madeFigure(model, figure, { ...plainLook, range: whyRange(figure.data) })
  }
})
