import { z } from 'zod'
import { parameterShares } from '../../analysis/parameters.ts'
import { axis, dataset } from '../../data/dataset.ts'
import type { ModelInfo } from '../../contract/schemas.ts'
import { categoryNames } from '../../text/category-names.ts'
import { barChart } from '../bar-chart.ts'
import { drawing } from '../drawing.ts'
import { figureView, type MadeFigure } from './figure-view.ts'
import { plainLook } from './look-params.ts'
import { parameterBars } from './parameter-bars.ts'
import type { Provenance } from '../provenance.ts'
import { modelOrigin } from './origin.ts'

/** Parameters by category. */
export const parametersView = figureView({
  name: 'parameters',
  analyses: [],
  about: 'parameters by category, as bars',
  of: 'weights',
  params: z.strictObject({}),
  make: ({ model, version }) => Promise.resolve(parametersFigure(model, version))
})

/** The parameters of a model as a figure. */
export function parametersFigure(
  model: ModelInfo,
  version: string
): MadeFigure & { readonly from: Provenance } {
  const shares = parameterShares(model.tensors)
  const title = `${model.name} · parameters`
  const data = { title, name: 'parameters', bars: parameterBars(shares) }
  const counts = (of: (share: (typeof shares)[number]) => number) => ({
    ...{ axes: ['category'], unit: '' },
    data: Float64Array.from(shares, of)
  })
  return {
    title,
    from: {
      version,
      of: modelOrigin(model, 'Parameters by category'),
      ...{ less: null, precision: 'float32' },
      again: { view: 'parameters', params: {} }
    },
    ...drawing(barChart, data, plainLook),
    dataset: () =>
      dataset(
        { category: axis(shares.map(({ category }) => categoryNames[category])) },
        {
          elements: { ...counts(({ elements }) => elements), about: 'parameters, tied ones once' },
          tensors: { ...counts(({ tensors }) => tensors), about: 'tensors of the files' }
        }
      )
  }
}
