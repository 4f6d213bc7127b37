import { axis, variable, type Dataset } from '../../data/dataset.ts'
import { rankCorrelations } from '../rank-correlation.ts'
import { saliencyMethods } from './saliency-methods.ts'

/**
 * What several calls of `saliency` gave of one number as one result, with how alike all of their methods rank the tokens.
 * @param results each of the same number and text, with gradients among them
 */
export function allMethods(results: readonly Dataset[]): Dataset {
  const merged = <V>(of: (result: Dataset) => Readonly<Record<string, V>>) =>
    Object.fromEntries(results.flatMap(result => Object.entries(of(result))))
  const together = {
    axes: merged(({ axes }) => axes),
    variables: merged(({ variables }) => variables),
    attributes: merged(({ attributes }) => attributes)
  }
  const there = saliencyMethods.filter(name => name in together.variables)
  const names = axis(there)
  const { axes, variables } = together
  return {
    ...together,
    axes: { ...axes, method: names, other: names },
    variables: {
      ...variables,
      rank_correlation: {
        ...{ axes: ['method', 'other'], unit: '' },
        about: 'Spearman’s correlation of the magnitudes that two methods give the tokens',
        data: rankCorrelations(there.map(name => variable(together, name).data))
      }
    }
  }
}
