import { elementCount } from '../model/tensor.ts'
import { axis, dataset, shapeOf, variable, type Dataset, type NumberArray } from './dataset.ts'

/**
 * Two datasets as one. What is over the same axes in both has one more, `side`; what is not is a row a number, of the first and
 * then of the second, with the index along each axis beside it.
 */
export function datasetBeside(a: Dataset, b: Dataset, names: readonly [string, string]): Dataset {
  const sides = [a, b] as const
  const groups = new Map<string, { readonly axes: readonly string[]; readonly names: string[] }>()
  for (const { variables } of sides)
    for (const [name, { axes }] of Object.entries(variables)) {
      const group = groups.get(axes.join()) ?? { axes, names: [] }
      groups.set(axes.join(), group)
      if (!group.names.includes(name)) group.names.push(name)
    }
  const parts = [...groups.values()].map(group =>
    isAlike(sides, group) ? inSides(sides, group) : inRows(sides, group, names)
  )
  return dataset(
    Object.fromEntries([
      ['side', axis([...names])] as const,
      ...parts.flatMap(({ axes }) => Object.entries(axes))
    ]),
    Object.fromEntries(parts.flatMap(({ variables }) => Object.entries(variables))),
    { sides: [...names], first: { ...a.attributes }, second: { ...b.attributes } }
  )
}

type Sides = readonly [Dataset, Dataset]
/** Variables over the same axes. */
interface Group {
  readonly axes: readonly string[]
  readonly names: readonly string[]
}
type Part = Pick<Dataset, 'axes' | 'variables'>

function isAlike(sides: Sides, { axes, names }: Group): boolean {
  const [one, other] = sides.map(side => JSON.stringify(axes.map(name => side.axes[name])))
  return one === other && names.every(name => sides.every(({ variables }) => name in variables))
}

function inSides(sides: Sides, { axes, names }: Group): Part {
  const own = Object.fromEntries(axes.map(name => [name, sides[0].axes[name]!]))
  const variables = names.map(name => {
    const [one, other] = sides.map(side => variable(side, name))
    return [name, { ...one!, axes: ['side', ...axes], data: joined([one!.data, other!.data]) }]
  })
  return { axes: own, variables: Object.fromEntries(variables) as Dataset['variables'] }
}

function inRows(sides: Sides, { axes, names }: Group, said: readonly [string, string]): Part {
  const row = [...axes, 'row'].join('.')
  const shapes = sides.map(side =>
    axes.every(name => name in side.axes) ? shapeOf(side, { axes: [...axes] }) : null
  )
  const counts = shapes.map(shape => (shape === null ? 0 : elementCount(shape)))
  const [only] = axes
  const labels = sides.flatMap(({ axes: own }, i) => {
    const { labels = null } = axes.length === 1 ? (own[only!] ?? {}) : {}
    return Array.from({ length: counts[i]! }, (_, at) => `${said[i]} · ${labels?.[at] ?? at}`)
  })
  const index = (name: string, about: string, of: (side: number, at: number) => number) => [
    `${row}.${name}`,
    {
      ...{ axes: [row], unit: '', about },
      data: Int32Array.from(
        counts.flatMap((count, side) => Array.from({ length: count }, (_, at) => of(side, at)))
      )
    }
  ]
  const along = (side: number, at: number, place: number) => {
    const shape = shapes[side]!
    const inner = elementCount(shape.slice(place + 1))
    return Math.floor(at / inner) % shape[place]!
  }
  const variables = names.map(name => {
    const own = sides.map(({ variables }, i) => {
      const found = variables[name]
      return found?.data ?? new Float64Array(counts[i]!).fill(NaN)
    })
    const { unit, about } = sides.map(({ variables }) => variables[name]).find(Boolean)!
    return [name, { unit, about, axes: [row], data: joined(own) }]
  })
  return {
    axes: { [row]: axis(axes.length === 1 ? labels : labels.length) },
    variables: Object.fromEntries([
      index('side', 'which side, from 0', side => side),
      ...axes.map((name, place) =>
        index(name, 'place along this axis', (side, at) => along(side, at, place))
      ),
      ...variables
    ]) as Dataset['variables']
  }
}

/** One array after the other; of unlike kinds as float64. */
function joined(all: readonly NumberArray[]): NumberArray {
  const [first] = all
  const alike = all.every(own => own.constructor === first!.constructor)
  const Kind = (alike ? first!.constructor : Float64Array) as Float64ArrayConstructor
  const whole = new Kind(all.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const own of all) {
    whole.set(own, at)
    at += own.length
  }
  return whole
}
