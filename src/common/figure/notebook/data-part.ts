import { elementCount } from '../../model/tensor.ts'

/** Whether a number of the figure is one of the data. */
export type Alike = (own: number, other: number) => boolean

/** A variable of the data, or what comes of one. */
export interface Variable {
  /** Such as `data["weight"]`. */
  readonly python: string
  readonly data: ArrayLike<number>
  readonly shape: readonly number[]
  readonly axes: string
}

/** Numbers of a figure that are looked for. */
export interface Wanted {
  readonly values: ArrayLike<number>
  readonly shape: readonly number[]
  /** Where its highest number stands, which few others are. */
  readonly probe: number
}

/** What is taken of a variable: of each axis an index, or the run of it that is an axis of the figure. */
export interface Part {
  readonly along: readonly (
    number | { readonly axis: number; readonly from: number; readonly length: number }
  )[]
  readonly own: readonly number[]
  readonly shape: readonly number[]
}

/** Which of a variable's axes each axis of the figure is. */
type Mapping = readonly number[]

/** Whether two arrays are alike in all their axes. */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((length, i) => length === b[i])
}

/** Where the number furthest from zero stands. */
export function highest(values: ArrayLike<number>): number {
  let best = -1
  for (let i = 0; i < values.length; i++)
    if (Number.isFinite(values[i]!) && (best < 0 || Math.abs(values[i]!) > Math.abs(values[best]!)))
      best = i
  return best
}

/** Whether they are the same but for rounding to float32. */
export function isSame(own: number, other: number): boolean {
  if (own === other || (Number.isNaN(own) && Number.isNaN(other))) return true
  if (!Number.isFinite(own)) return false
  return Math.abs(own - other) <= 2e-6 * Math.abs(own) + 1e-30
}

/** All ways to take so many axes of others, in order where that is one. */
export function mappings(wanted: readonly number[], shape: readonly number[]): Mapping[] {
  if (wanted.length === 0) return [[]]
  return mappings(wanted.slice(0, -1), shape).flatMap(own =>
    shape.flatMap((length, axis) =>
      !own.includes(axis) && length >= wanted.at(-1)! ? [[...own, axis]] : []
    )
  )
}

/** From one index of an axis to the next, in numbers. */
export function stridesOf(shape: readonly number[]): number[] {
  return shape.map((_, axis) => elementCount(shape.slice(axis + 1)))
}

/** Where the axes of the figure may begin in a variable: each place, one after the other. */
export function* starts(wanted: readonly number[], shape: readonly number[], mapping: Mapping) {
  const room = shape.map((length, axis) => {
    const at = mapping.indexOf(axis)
    return at < 0 ? length : length - wanted[at]! + 1
  })
  const count = elementCount(room)
  const strides = stridesOf(room)
  for (let i = 0; i < count; i++)
    yield room.map((length, axis) => Math.floor(i / strides[axis]!) % length)
}

/** The numbers of a figure's axes, from a start, one after the other: where each is in the variable. */
export function placesOf(
  wanted: readonly number[],
  shape: readonly number[],
  mapping: Mapping
): Int32Array {
  const strides = stridesOf(shape)
  const places = new Int32Array(elementCount(wanted))
  const own = stridesOf(wanted)
  for (let i = 0; i < places.length; i++)
    places[i] = mapping.reduce(
      (sum, axis, at) => sum + (Math.floor(i / own[at]!) % wanted[at]!) * strides[axis]!,
      0
    )
  return places
}

/** The place of an index among all numbers. */
export function flat(at: readonly number[], shape: readonly number[]): number {
  const strides = stridesOf(shape)
  return at.reduce((sum, index, axis) => sum + index * strides[axis]!, 0)
}

/**
 * The shapes that a figure's numbers may have in a variable: as they are, without axes of one, with an axis that is two of the
 * variable's, such as all heads of all layers, or all along one axis.
 */
export function shapesOf(shape: readonly number[], own: readonly number[]): (readonly number[])[] {
  const pairs = own.slice(1).map((length, i) => [own[i]!, length] as const)
  const split = shape.reduce<(readonly number[])[]>(
    (all, length) => {
      const fitting = pairs.filter(([a, b]) => a > 1 && b > 1 && a * b === length)
      return all.flatMap(known => [[...known, length], ...fitting.map(pair => [...known, ...pair])])
    },
    [[]]
  )
  const long = shape.filter(length => length > 1)
  const shorter = long.length === shape.length || long.length === 0 ? [] : [long]
  const flat = shape.length > 1 ? [[elementCount(shape)]] : []
  return [...split, ...shorter, ...flat]
}

/** The part of a variable that numbers of a figure are; null where they are none. */
export function partOf({ values, shape, probe }: Wanted, own: Variable, alike: Alike): Part | null {
  for (const wanted of shapesOf(shape, own.shape))
    for (const mapping of mappings(wanted, own.shape)) {
      const places = placesOf(wanted, own.shape, mapping)
      for (const start of starts(wanted, own.shape, mapping)) {
        const from = flat(start, own.shape)
        if (!alike(values[probe]!, own.data[from + places[probe]!]!)) continue
        if (places.every((place, i) => alike(values[i]!, own.data[from + place]!)))
          return part(start, wanted, own.shape, mapping, shape)
      }
    }
  return null
}

/** A part that begins at an index. @param drawn its shape in the figure */
export function part(
  start: readonly number[],
  wanted: readonly number[],
  shape: readonly number[],
  mapping: Mapping,
  drawn: readonly number[]
): Part {
  const along = start.map((from, axis) => {
    const at = mapping.indexOf(axis)
    return at < 0 ? from : { axis: at, from, length: wanted[at]! }
  })
  return { along, own: shape, shape: sameShape(wanted, drawn) ? [] : drawn }
}

/** A part as NumPy takes it. */
export function partText(python: string, { along, own, shape }: Part): string {
  const index = along.map((of, axis) => {
    if (typeof of === 'number') return String(of)
    return of.length === own[axis] ? ':' : `${of.from}:${of.from + of.length}`
  })
  while (index.at(-1) === ':') index.pop()
  const order = along.flatMap(of => (typeof of === 'number' ? [] : [of.axis]))
  // `order[i]` is the figure's axis of the i-th that is left.
  const turned = order.some((axis, i) => axis !== i)
    ? `.transpose(${order.map((_, axis) => order.indexOf(axis)).join(', ')})`
    : ''
  const shaped = shape.length === 0 ? '' : `.reshape(${shape.join(', ')})`
  return `${python}${index.length === 0 ? '' : `[${index.join(', ')}]`}${turned}${shaped}`
}
