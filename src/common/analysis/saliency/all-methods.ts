import { axis, variable, type Dataset } from '../../data/dataset.ts'
import { rankCorrelations } from '../rank-correlation.ts'
import {
  groupsParams,
  methodGroups,
  saliencyMethods,
  saliencyMethodWords,
  type MethodGroup,
  type MethodSettings
} from './saliency-methods.ts'

/**
 * What several calls of `saliency` gave of one number as one result, with how alike all of their methods rank the tokens, the params
 * of the one call that gives the same, and which methods are not among them.
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
  const lacking = saliencyMethods.filter(name => !there.includes(name))
  return {
    attributes: {
      ...together.attributes,
      ...paramsOf(results),
      ...(lacking.length > 0 && {
        not_computed: lacking.map(name => `${saliencyMethodWords[name]}, as this was saved`)
      })
    },
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

type Settings = Readonly<Record<keyof MethodSettings, Dataset['attributes'][string]>>

/** The params of several calls as those of one; none where a call does not say its own. */
function paramsOf(results: readonly Dataset[]): Dataset['attributes'] {
  const calls = results.flatMap(({ variables, attributes: { params } }) =>
    params === null || typeof params !== 'object' || Array.isArray(params)
      ? []
      : [{ variables, params: params as Settings }]
  )
  const [first] = calls
  if (first === undefined || calls.length < results.length) return {}
  const groups = Object.keys(methodGroups) as MethodGroup[]
  const asked = groups.flatMap(group => {
    const own = calls.find(({ variables }) => methodGroups[group].every(name => name in variables))
    return own === undefined ? [] : [[group, own.params] as const]
  })
  return { params: { ...first.params, ...groupsParams(asked) } }
}
