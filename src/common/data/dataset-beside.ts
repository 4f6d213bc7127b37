import { axis, dataset, variable, type Dataset, type NumberArray } from './dataset.ts'

/** What begins the names of what is of one side alone; what is said of each stands under the same. */
const places = ['first', 'second'] as const

/**
 * Two datasets as one. What is over the same axes in both has one more, `side`; what is not stands apart, over its own axes, such as
 * `first.weight` of `first.query` and `first.key`.
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
  const parts = [...groups.values()].flatMap(group =>
    isAlike(sides, group)
      ? [inSides(sides, group)]
      : sides.map((side, at) => ofSide(side, at, group))
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

function ofSide({ axes: all, variables }: Dataset, at: number, { axes, names }: Group): Part {
  const own = (name: string) => `${places[at]}.${name}`
  const known = names.filter(name => name in variables)
  return {
    axes: Object.fromEntries(
      known.length === 0 ? [] : axes.map(name => [own(name), all[name]!] as const)
    ),
    variables: Object.fromEntries(
      known.map(name => [
        own(name),
        {
          ...variables[name]!,
          axes: axes.map(own),
          part: { of: name, axes: ['side', ...axes], at }
        }
      ])
    )
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
