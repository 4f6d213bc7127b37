import { shapeOf, type Dataset } from '../../data/dataset.ts'
import { indexRuns } from '../../data/index-runs.ts'
import { elementCount } from '../../model/tensor.ts'
import {
  flat,
  highest,
  isSame,
  mappings,
  part,
  partOf,
  partText,
  placesOf,
  sameShape,
  shapesOf,
  starts,
  stridesOf,
  type Alike,
  type Variable
} from './data-part.ts'
import type { Numbers } from './plot.ts'

/** An array of a figure as it comes from the data. */
export interface Found {
  /** Python, with `data` at hand; `at` stands for the places of `at`, where there are some. */
  readonly python: string
  /** Of a selection without an order of its own: the place in the variable, flat, of each number. */
  readonly at: readonly number[] | null
  /** Runs of places, flat, at which the figure draws nothing of what is there; left out where there are none. */
  readonly without?: readonly (readonly [start: number, length: number])[]
}

/** Beyond so many numbers of a variable, or ways to look at them, nothing is searched. */
const most = { numbers: 4_000_000, pairs: 200_000 }

/** Of so many numbers, or rows, each may be in a place of its own. */
const mostAlone = 40

/**
 * Where numbers of a figure are in a dataset: a variable whole, turned, upside down, or at some index along some axes; a sum of one
 * along axes; the difference of two such; rows, or single numbers, of several variables; else, of a variable that has all of them,
 * numbers in an order of the figure's. Null where they are in no such way.
 */
export function foundInData(numbers: Numbers, dataset: Dataset): Found | null {
  const { values } = numbers
  if (!Array.prototype.some.call(values, Number.isFinite)) return null
  const counted = steps(numbers)
  if (counted !== null) return { python: counted, at: null }
  const variables = variablesOf(dataset)
  const summed = variables.flatMap(sums)
  const whole = foundAs(numbers, variables, summed, isSame)
  if (whole !== null) return { python: whole, at: null }
  if (Array.prototype.some.call(values, Number.isNaN)) {
    // Where a figure draws nothing the data may hold something.
    const alike: Alike = (own, other) => Number.isNaN(own) || isSame(own, other)
    const part = foundAs(numbers, variables, summed, alike)
    if (part !== null) return { python: part, at: null, without: runsOf(values) }
  }
  if (!tellsApart(values)) return null
  return takenFrom(numbers, variables) ?? singly(numbers, [...variables, ...summed])
}

function variablesOf(dataset: Dataset): Variable[] {
  return Object.entries(dataset.variables).flatMap(([name, own]): Variable[] => {
    const { data } = own
    if (data.length > most.numbers) return []
    return [
      { python: `data["${name}"]`, data, shape: shapeOf(dataset, own), axes: own.axes.join() }
    ]
  })
}

/** Of one number, or of several that are alike, others are found by chance. */
function tellsApart(values: ArrayLike<number>): boolean {
  return new Set(Array.from(values).filter(Number.isFinite)).size > 1
}

/** Runs of places without a number: where each begins, and how long it is. */
function runsOf(values: ArrayLike<number>): [start: number, length: number][] {
  const places = Array.from(values, (value, i) => (Number.isNaN(value) ? i : -1))
  return indexRuns(places.filter(at => at >= 0)).map(({ from, end }) => [from, end - from])
}

/** Arrays as they are, apart, or summed. @param summed sums of the variables */
function foundAs(
  numbers: Numbers,
  variables: readonly Variable[],
  summed: readonly Variable[],
  alike: Alike
): string | null {
  return (
    inOne(numbers, variables, alike) ??
    differenceOf(numbers, variables, alike) ??
    inOne(numbers, summed, alike) ??
    rowsOf(numbers, variables, alike)
  )
}

/** Numbers that stand evenly, such as places along an axis, which are in no data. */
function steps({ values, shape }: Numbers): string | null {
  const [first, second, count] = [values[0]!, values[1] ?? NaN, values.length]
  if (shape.length !== 1 || count < 2) return null
  const step = second - first
  const near = 1e-9 * Math.max(Math.abs(first), Math.abs(values[count - 1]!))
  if (!Number.isFinite(near)) return null
  for (let i = 2; i < count; i++)
    if (!(Math.abs(first + i * step - values[i]!) <= near)) return null
  // Of two any would do.
  if (count === 2 && !(first === 0 && second === 1)) return null
  if (step === 1)
    return first === 0 ? `np.arange(${count})` : `np.arange(${first}, ${first + count})`
  return step === 0 ? null : `np.linspace(${first}, ${values[count - 1]}, ${count})`
}

/** One variable, or a part of it, as it is or upside down. */
function inOne(
  { values, shape }: Numbers,
  variables: readonly Variable[],
  alike: Alike
): string | null {
  const isTold = tellsApart(values)
  const wanted = { values, shape, probe: highest(values) }
  const fitting = variables.filter(own => isTold || sameShape(own.shape, shape))
  for (const own of fitting) {
    const part = partOf(wanted, own, alike)
    if (part !== null) return partText(own.python, part)
  }
  if (!isTold || shape[0]! < 2) return null
  const row = values.length / shape[0]!
  const turned = Array.from(
    values,
    (_, i) => values[values.length - row * (Math.floor(i / row) + 1) + (i % row)]!
  )
  const flipped = { values: turned, shape, probe: highest(turned) }
  for (const own of fitting) {
    const part = partOf(flipped, own, alike)
    if (part !== null) return `${partText(own.python, part)}[::-1]`
  }
  return null
}

/** A variable's sums along one or several of its axes. */
function sums({ python, data, shape }: Variable): Variable[] {
  if (shape.length < 1 || data.length > mostSummed || data.length < 2) return []
  const subsets = Array.from({ length: 2 ** shape.length - 1 }, (_, i) =>
    shape.flatMap((_, axis) => ((i + 1) & (1 << axis) ? [axis] : []))
  )
  return subsets.map(along => {
    const left = shape.flatMap((length, axis) => (along.includes(axis) ? [] : [{ length, axis }]))
    const own = left.map(({ length }) => length)
    const [strides, ownStrides] = [stridesOf(shape), stridesOf(own)]
    const total = new Float64Array(elementCount(own))
    for (let i = 0; i < data.length; i++) {
      const at = left.reduce((sum, { length, axis }, k) => {
        return sum + (Math.floor(i / strides[axis]!) % length) * ownStrides[k]!
      }, 0)
      total[at] = total[at]! + data[i]!
    }
    const text = `${python}.sum((${along.join(', ')}${along.length === 1 ? ',' : ''}))`
    return { python: text, data: total, shape: own, axes: '' }
  })
}
const mostSummed = 100_000

/** Rows of several variables, or at several places of one. */
function rowsOf(
  { values, shape }: Numbers,
  variables: readonly Variable[],
  alike: Alike
): string | null {
  const [rows = 0, length = 0] = shape
  if (shape.length !== 2 || rows > mostAlone) return null
  const found = Array.from({ length: rows }, (_, row) =>
    inOne(
      { values: Array.from(values).slice(row * length, (row + 1) * length), shape: [length] },
      variables,
      alike
    )
  )
  return found.every(own => own !== null) ? `np.array([${found.join(', ')}])` : null
}

/** Single numbers of several variables, or of their sums. */
function singly({ values, shape }: Numbers, variables: readonly Variable[]): Found | null {
  if (values.length > mostAlone || shape.length !== 1) return null
  const found = Array.from(values, value => {
    // Whole numbers are found anywhere.
    if (Number.isNaN(value)) return 'nan'
    if (Number.isInteger(value)) return String(value)
    for (const { python, data, shape } of variables)
      for (let i = 0; i < data.length; i++) {
        if (!isSame(value, data[i]!)) continue
        const strides = stridesOf(shape)
        const at = shape.map((length, axis) => Math.floor(i / strides[axis]!) % length)
        return at.length === 0 ? `${python}[()]` : `${python}[${at.join(', ')}]`
      }
    return null
  })
  if (!found.every(own => own !== null)) return null
  return { python: `np.array([${found.join(', ')}])`, at: null }
}

/** One part less another: of two variables at the same place, or of one at two indices. */
function differenceOf(
  { values, shape }: Numbers,
  variables: readonly Variable[],
  alike: Alike
): string | null {
  if (!tellsApart(values)) return null
  const probe = highest(values)
  const least = 1e-3 * Math.abs(values[probe]!)
  for (const one of variables)
    for (const other of variables) {
      if (one.axes !== other.axes) continue
      for (const wanted of shapesOf(shape, one.shape))
        for (const mapping of mappings(wanted, one.shape)) {
          const places = placesOf(wanted, one.shape, mapping)
          const all = [...starts(wanted, one.shape, mapping)]
          if (one === other && all.length ** 2 > most.pairs) continue
          for (const from of all)
            for (const less of one === other ? all : [from]) {
              const [a, b] = [flat(from, one.shape), flat(less, one.shape)]
              const pairAt = (i: number) => [one.data[a + places[i]!]!, other.data[b + places[i]!]!]
              const isSameAt = (i: number) => {
                const [first, second] = pairAt(i) as [number, number]
                if (Number.isNaN(values[i]!)) return alike(NaN, first - second)
                // As precise as what is subtracted was.
                const near = 2e-6 * Math.max(Math.abs(first), Math.abs(second), least)
                return Math.abs(first - second - values[i]!) <= near
              }
              // Of large numbers any small one is the difference within their precision.
              if (2e-6 * Math.max(...pairAt(probe).map(Math.abs)) > least) continue
              if (!isSameAt(probe) || !places.every((_, i) => isSameAt(i))) continue
              const text = (own: Variable, at: readonly number[]) =>
                partText(own.python, part(at, wanted, own.shape, mapping, shape))
              return `${text(one, from)} - ${text(other, less)}`
            }
        }
    }
  return null
}

/** Numbers of one variable in an order of the figure's. */
function takenFrom({ values, shape }: Numbers, variables: readonly Variable[]): Found | null {
  for (const { python, data } of variables) {
    const known = new Map<number, number>()
    for (let i = data.length - 1; i >= 0; i--) known.set(Math.fround(data[i]!), i)
    const at = Array.from(values, value =>
      Number.isNaN(value) ? -1 : (known.get(Math.fround(value)) ?? null)
    )
    if (at.some(place => place === null)) continue
    const shaped = shape.length === 1 ? '' : `.reshape(${shape.join(', ')})`
    return { python: `taken(${python}, at)${shaped}`, at: at as number[] }
  }
  return null
}
