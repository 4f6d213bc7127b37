import { z } from 'zod'
import { axis, dataset } from '../data/dataset.ts'
import { Category } from '../model/category.ts'
import { nothing, type Analysis, type TensorFacts } from './analysis.ts'

const NoParams = z.strictObject({})

/** Parameters of one category, tied tensors counted once. */
export interface ParameterShare {
  readonly category: Category
  /** Elements. */
  readonly elements: number
  readonly tensors: number
}

/** What a model's parameters are for. */
export const parameters: Analysis<z.infer<typeof NoParams>> = {
  name: 'parameters',
  version: 1,
  of: 'weights',
  keeps: false,
  params: NoParams,
  about: {
    what: 'How many parameters each part of the model has: embeddings, positions, attention, MLPs, norms, unembedding.',
    formulas: [
      'elements of the tensors of a category; a tensor that plays several roles counts once'
    ],
    sources: [],
    read: 'What a tensor is for comes from the family that reads the model; where none does, from its name.',
    baseline: ''
  },
  gives: [
    { name: 'parameters', axes: ['category'], unit: '', about: 'elements, tied ones counted once' },
    { name: 'tensors', axes: ['category'], unit: '', about: 'tensors they lie in' }
  ],
  needs: () => nothing,
  start: (_, { tensors }) => ({
    begin: () => undefined,
    take: () => undefined,
    result() {
      const shares = parameterShares(tensors)
      const column = (of: (share: ParameterShare) => number, about: string) => ({
        axes: ['category'],
        unit: '',
        about,
        data: Float64Array.from(shares, of)
      })
      return dataset(
        { category: axis(shares.map(({ category }) => category)) },
        {
          parameters: column(({ elements }) => elements, 'elements, tied ones counted once'),
          tensors: column(share => share.tensors, 'tensors they lie in')
        }
      )
    },
    state: () => ({})
  })
}

/** Elements by category, tied tensors counted once, in the order a text passes them; none for an empty category. */
export function parameterShares(tensors: readonly TensorFacts[]): ParameterShare[] {
  return Category.options.flatMap(category => {
    const own = tensors.filter(tensor => tensor.category === category && tensor.tiedTo === null)
    if (own.length === 0) return []
    const elements = own.reduce((sum, { parameters }) => sum + parameters, 0)
    return [{ category, elements, tensors: own.length }]
  })
}
