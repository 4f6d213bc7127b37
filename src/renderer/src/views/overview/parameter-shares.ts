import type { TensorInfo } from '#common/contract/schemas.ts'
import type { BarChartData } from '#common/figure/bar-chart.ts'
import { countText, percentText } from '#common/text/number-text.ts'
import type { Category } from '#common/model/category.ts'

export interface ParameterShare {
  readonly category: Category
  readonly elements: number
  readonly tensors: number
}

/** What each category is called on screen. */
export const categoryNames: Readonly<Record<Category, string>> = {
  embedding: 'Embedding',
  position: 'Positions',
  attention: 'Attention',
  mlp: 'MLP',
  norm: 'Norms',
  unembedding: 'Unembedding',
  other: 'Other'
}

/** Elements by category, tied tensors counted once, in the order a text passes them. */
export function parameterShares(tensors: readonly TensorInfo[]): ParameterShare[] {
  return (Object.keys(categoryNames) as Category[]).flatMap(category => {
    const own = tensors.filter(tensor => tensor.category === category && tensor.tiedTo === null)
    if (own.length === 0) return []
    const elements = own.reduce((sum, { parameters }) => sum + parameters, 0)
    return [{ category, elements, tensors: own.length }]
  })
}

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
