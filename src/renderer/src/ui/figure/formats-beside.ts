import { axis, dataset, type Dataset } from '#common/data/dataset.ts'
import { drawnInRow } from '#common/figure/drawn-figure.ts'
import type { Provenance } from '#common/figure/provenance.ts'
import type { ExportFormat, SavedData, SavedFigure } from '../../stores/exports.ts'

/**
 * What two sides of a tab can be saved as: each of their figures as one, and each of their datasets as one where they are over
 * the same axes; what is of one side alone says whose it is.
 * @param names what tells the sides apart
 */
export function formatsBeside(
  first: readonly ExportFormat[],
  second: readonly ExportFormat[],
  names: readonly [string, string]
): ExportFormat[] {
  const rest = [...second]
  const paired = first.flatMap(own => {
    const at = rest.findIndex(other => other.is === own.is && other.note === own.note)
    const [other] = at < 0 ? [] : rest.splice(at, 1)
    if (own.is === 'figure' && other?.is === 'figure') return [figureBeside(own, other, names)]
    if (own.is === 'data' && other?.is === 'data') return [dataBeside(own, other, names)]
    return [named(own, names[0]), ...(other ? [named(other, names[1])] : [])]
  })
  return [...paired, ...rest.map(other => named(other, names[1]))]
}

function named<F extends ExportFormat>(format: F, name: string): F {
  return { ...format, note: [format.note, name].filter(part => part !== '').join(' · ') }
}

function figureBeside(
  one: SavedFigure,
  other: SavedFigure,
  names: readonly [string, string]
): SavedFigure {
  return {
    is: 'figure',
    title: `${one.title} and ${other.title}`,
    note: [one.note, 'both sides'].filter(part => part !== '').join(', '),
    ...fromBoth(one, other),
    draw: wish => drawnInRow([one.draw, other.draw], names, wish)
  }
}

function dataBeside(one: SavedData, other: SavedData, names: readonly [string, string]): SavedData {
  return {
    is: 'data',
    title: `${one.title} and ${other.title}`,
    note: [one.note, 'both sides'].filter(part => part !== '').join(', '),
    ...fromBoth(one, other),
    left: [...new Set([...one.left, ...other.left])],
    dataset: () => datasetBeside(one.dataset(), other.dataset(), names)
  }
}

function fromBoth(
  { from: one }: { readonly from?: Provenance },
  { from: other }: { readonly from?: Provenance }
): { readonly from?: Provenance } {
  return one === undefined ? {} : { from: { ...one, ...(other && { beside: other.of }) } }
}

/**
 * Two datasets as one, along an axis `side`; where they are not over the same axes, each axis and variable stands under `first`
 * or `second`.
 */
export function datasetBeside(a: Dataset, b: Dataset, names: readonly [string, string]): Dataset {
  const attributes = {
    sides: [...names],
    first: { ...a.attributes },
    second: { ...b.attributes }
  }
  const shape = ({ axes, variables }: Dataset) =>
    JSON.stringify([
      axes,
      Object.entries(variables).map(([name, { axes, data }]) => [name, axes, data.constructor.name])
    ])
  if (shape(a) === shape(b) && !('side' in a.axes)) {
    const variables = Object.entries(a.variables).map(([name, own]) => {
      const other = b.variables[name]!
      const data = new (own.data.constructor as Float64ArrayConstructor)(2 * own.data.length)
      data.set(own.data)
      data.set(other.data, own.data.length)
      return [name, { ...own, axes: ['side', ...own.axes], data }]
    })
    return dataset(
      { side: axis([...names]), ...a.axes },
      Object.fromEntries(variables) as Dataset['variables'],
      attributes
    )
  }
  const under = (side: string, { axes, variables }: Dataset) => ({
    axes: Object.entries(axes).map(([name, own]) => [`${side}.${name}`, own]),
    variables: Object.entries(variables).map(([name, own]) => [
      `${side}.${name}`,
      { ...own, axes: own.axes.map(name => `${side}.${name}`) }
    ])
  })
  const [one, other] = [under('first', a), under('second', b)]
  return dataset(
    Object.fromEntries([...one.axes, ...other.axes]) as Dataset['axes'],
    Object.fromEntries([...one.variables, ...other.variables]) as Dataset['variables'],
    attributes
  )
}
