import { dataset, DatasetError, type Dataset, type NumberArray } from '../data/dataset.ts'
import type { Given } from './analysis.ts'

/**
 * A dataset of variables that an analysis says it gives: their axes, units and words are said there alone.
 * @param data by name; what is given but is not among them is left out
 * @throws DatasetError when something else is, or when it does not fit its axes
 */
export function givenDataset(
  gives: readonly Given[],
  axes: Dataset['axes'],
  data: Readonly<Record<string, NumberArray>>,
  attributes: Dataset['attributes'] = {}
): Dataset {
  const variables = Object.entries(data).map(([name, data]) => {
    const given = gives.find(given => given.name === name)
    if (given === undefined)
      throw new DatasetError(`${name}: the analysis does not say it gives it`)
    const { axes, unit, about } = given
    return [name, { axes: [...axes], unit, about, data }]
  })
  return dataset(axes, Object.fromEntries(variables) as Dataset['variables'], attributes)
}
