import type { ParameterShare } from '../../analysis/parameters.ts'
import type { BarChartData } from '../bar-chart.ts'
import { countText, percentText } from '../../text/number-text.ts'
import { categoryNames } from '../../text/category-names.ts'

/** The shares as bars; each category has one colour in every model. */
export function parameterBars(shares: readonly ParameterShare[]): BarChartData['bars'] {
  const total = shares.reduce((sum, { elements }) => sum + elements, 0)
  const categories = Object.keys(categoryNames)
  return shares.map(({ category, elements, tensors }) => ({
    label: categoryNames[category],
    value: elements,
    notes: [
      countText(elements),
      percentText(elements / total),
      `${tensors} ${tensors === 1 ? 'tensor' : 'tensors'}`
    ],
    color: categories.indexOf(category)
  }))
}
