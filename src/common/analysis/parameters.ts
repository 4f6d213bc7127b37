import { z } from 'zod'
import { axis } from '../data/dataset.ts'
import { Category } from '../model/category.ts'
import { nothing, type Analysis, type Given, type TensorFacts } from './analysis.ts'
import { givenDataset } from './given.ts'

const NoParams = z.strictObject({})

const gives: readonly Given[] = [
  { name: 'parameters', axes: ['category'], unit: '', about: 'elements, tied ones counted once' },
  { name: 'tensors', axes: ['category'], unit: '', about: 'tensors they lie in' }
]

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
  compares: false,
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
  gives,
  needs: () => nothing,
  start: (_, { tensors }) => ({
    begin: () => undefined,
    take: () => undefined,
    result() {
      const shares = parameterShares(tensors)
      return givenDataset(
        gives,
        { category: axis(shares.map(({ category }) => category)) },
        {
          parameters: Float64Array.from(shares, ({ elements }) => elements),
          tensors: Float64Array.from(shares, share => share.tensors)
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
