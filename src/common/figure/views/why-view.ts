import { z } from 'zod'
import { unaskedParts } from '../../analysis/why/unasked-parts.ts'
import { whyPlaces } from '../../analysis/why/why-place.ts'
import { LamellaError } from '../../model/errors.ts'
import { figureView, modelFigure } from './figure-view.ts'
import { plainLook } from './look-params.ts'
import {
  whyHeadsFigure,
  whyPartsFigure,
  whyPromptsFigure,
  whyRange,
  whySumFigure
} from './why-figures.ts'

const WhyParams = z.strictObject({
  /** A position and two token ids: `7:12-5`, or `last:12-5`; of a corpus one for all texts or, with commas, one for each. */
  at: z.string().max(400_000).regex(whyPlaces, 'expected a position and two token ids'),
  /** What the difference is the sum of, what the strongest parts give, what each head gives, or the difference of each prompt. */
  form: z.enum(['sum', 'parts', 'heads', 'prompts']).default('sum'),
  /** What takes the place of parts that are ablated. */
  by: z.enum(['zero', 'mean']).default('mean')
})

/** Why the model prefers one token to another. */
export const whyView = figureView({
  name: 'why',
  analyses: ['why'],
  about:
    'what makes the logit of one token higher than that of another: their sum, the strongest parts, each head, or each of several prompts',
  of: 'windows',
  params: WhyParams,
  async make({ model, version, windows, analysis }, { form, at, by }) {
    const { run } = await windows()
    const first = await analysis('why', { at, by })
    const parts = unaskedParts(first)
    const asked = parts === null ? null : await analysis('why', { at, by, parts }).catch(kept)
    const result = asked ?? first
    const over = run.corpus?.name ?? null
    const why = { model, run, result, over, at, params: { at, by } }
    if (form === 'sum') return modelFigure(model, whySumFigure(why, version), plainLook)
    if (form === 'parts') return modelFigure(model, whyPartsFigure(why, version), plainLook)
    if (form === 'prompts') {
      const prompts = whyPromptsFigure(why, version)
      if (prompts !== null) return modelFigure(model, prompts, plainLook)
      throw new LamellaError('invalid-argument', 'form: prompts is of several texts')
    }
    const figure = whyHeadsFigure(why, version)
    return modelFigure(model, figure, { ...plainLook, range: whyRange(figure.data) })
  }
})

/** Of a session that keeps no more than what was asked first, that is all there is. @throws what else went wrong */
function kept(error: unknown): null {
  if (error instanceof LamellaError && error.code === 'not-kept') return null
  throw error
}
