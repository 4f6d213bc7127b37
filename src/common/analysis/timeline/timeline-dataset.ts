import { axis, dataset, shapeOf, variable, type Dataset } from '../../data/dataset.ts'
import { elementCount } from '../../model/tensor.ts'

/** What an analysis came to of one checkpoint. */
export interface TimelinePoint {
  readonly name: string
  readonly step: number
  readonly fingerprint: string
  /** With the variable alone, and `layer` and `head` where it is of tensors. */
  readonly result: Dataset
}

/** The part of a result that a timeline keeps. @throws DatasetError when it has no such variable */
export function timelinePart(result: Dataset, name: string): Dataset {
  const own = variable(result, name)
  const beside = own.axes.includes('tensor') ? ['layer', 'head'] : []
  const names = [name, ...beside.filter(beside => beside in result.variables)]
  const variables = Object.fromEntries(names.map(name => [name, result.variables[name]!]))
  const axes = Object.values(variables).flatMap(({ axes }) => axes)
  return {
    axes: Object.fromEntries(axes.map(name => [name, result.axes[name]!])),
    variables,
    attributes: {}
  }
}

/** In what a result has other axes than the first; null where they are alike. */
export function otherAxes(first: Dataset, { axes }: Dataset): string | null {
  for (const [name, { length, labels }] of Object.entries(first.axes)) {
    const own = axes[name]
    if (own === undefined) return `has no axis ${name}`
    if (own.length !== length) return `has ${own.length} along ${name}, expected ${length}`
    const other = labels?.findIndex((label, i) => label !== own.labels?.[i]) ?? -1
    if (other >= 0)
      return `has ${own.labels?.[other] ?? 'no name'} where ${labels![other]} is expected`
  }
  return null
}

/**
 * The variable of all checkpoints. All that is told has its axes, so that one table holds it.
 * @param points in the order of their steps, all with the same axes; at least one
 * @returns value and step: [checkpoint, …the variable's own axes], of tensors layer and head too
 */
export function timelineDataset(points: readonly TimelinePoint[], name: string): Dataset {
  const [{ result: first }] = points as readonly [TimelinePoint, ...TimelinePoint[]]
  const own = variable(first, name)
  const axes = ['checkpoint', ...own.axes]
  const shape = shapeOf(first, own)
  const width = elementCount(shape)
  const along = (of: (point: TimelinePoint, at: number) => number) =>
    Float64Array.from({ length: points.length * width }, (_, i) =>
      of(points[Math.floor(i / width)]!, i % width)
    )
  const beside = Object.entries(first.variables).filter(([other]) => other !== name)
  const tensors = own.axes.indexOf('tensor')
  const eachTensor = elementCount(shape.slice(tensors + 1))
  return dataset(
    { checkpoint: axis(points.map(({ name }) => name)), ...first.axes },
    {
      step: {
        ...{ axes, unit: 'steps', about: 'the number in its name' },
        data: along(({ step }) => step)
      },
      ...Object.fromEntries(
        beside.map(([name, variable]) => {
          const { data } = variable
          return [
            name,
            {
              ...variable,
              axes,
              data: along((_, at) => data[Math.floor(at / eachTensor) % data.length]!)
            }
          ]
        })
      ),
      value: {
        ...{ axes, unit: own.unit, about: own.about },
        data: along(({ result }, at) => variable(result, name).data[at]!)
      }
    },
    { checkpoints: points.map(({ fingerprint }) => fingerprint) }
  )
}
