import type { CallContext } from '#common/contract/rpc.ts'
import { addsFromRun, type Edit } from '#common/model/edit.ts'
import { LamellaError } from '#common/model/errors.ts'
import { elementCount, type Tensor } from '#common/model/tensor.ts'
import { visibleKeys, type Visibility } from '#common/model/visibility.ts'
import { isMaskedScore, maskedScore } from '../../architecture/masked-score.ts'
import type { HookAxis } from './hook-axes.ts'
import { isMatrix } from './hook-values.ts'
import { indicesOf } from './normalized-edits.ts'
import type { RunRecord } from './run-record.ts'

/** What edits make of a hook's value: scale · value + add. Each axis of both is 1 where they are alike along it. */
export interface Affine {
  readonly scale: Tensor
  readonly add: Tensor
}

/** What a run's edits make of a hook's value, by its full name; null where they leave it. */
export type AffineAt = (
  record: RunRecord,
  hook: string,
  context: CallContext
) => Promise<Affine | null>

/** Gives the value that an edit adds from: its own mean over positions as [1, …], or another run's. */
export type Addition = (edit: Edit) => Tensor | null

/** Where a hook's value lies. */
export interface HookPlace {
  /** The hook's full name. */
  readonly hook: string
  readonly axes: readonly HookAxis[]
  /** Of the hook's layer: cells of scores and patterns that a query may not see stay as they are. */
  readonly visibility: Visibility
}

/**
 * Edits of one hook, one after the other, as one.
 * @param edits normalized, all of this hook
 * @throws LamellaError `invalid-argument` where a query would see no key
 */
export function affineOf(edits: readonly Edit[], place: HookPlace, addition: Addition): Affine {
  const { axes } = place
  const additions = edits.map(addition)
  const isMatrix = axes[1]?.choice === 'query'
  const shape = axes.map((axis, i) =>
    (isMatrix && i > 0) || edits.some((edit, e) => variesAlong(edit, axis, i, additions[e]!, axes))
      ? axis.length
      : 1
  )
  const size = elementCount(shape)
  const scale = new Float32Array(size).fill(1)
  // Added, −0 leaves every number as it is, −0 too.
  const add = new Float32Array(size).fill(-0)
  const isSeen = seenEntries(place)
  edits.forEach((edit, e) => {
    const places = axes.map((axis, i) => (shape[i] === 1 ? [0] : indicesOf(edit.at, axis)))
    const added = addedBy(edit, additions[e]!, places.at(-1)!.length)
    forEachEntry(places, (index, ordinal, unit) => {
      if (!isSeen(index)) return
      const entry = offsetOf(index, shape)
      const sum = added(index, ordinal, unit)
      scale[entry]! *= edit.scale
      add[entry] = sum === -Infinity ? maskedScore : add[entry]! * edit.scale + sum
    })
  })
  if (edits.some(edit => edit.add === '-inf')) checkRows(add, shape, place)
  return { scale: { shape, data: scale }, add: { shape, data: add } }
}

/** The part of what edits make of a hook's value that is of the positions, or queries, from `from` on. */
export function affineFrom({ scale, add }: Affine, hook: string, from: number): Affine {
  const axis = isMatrix(hook) ? 1 : 0
  return { scale: indicesFrom(scale, axis, from), add: indicesFrom(add, axis, from) }
}

/** A tensor without the first indices of an axis; as it is where all along the axis are alike. */
function indicesFrom(tensor: Tensor, axis: number, from: number): Tensor {
  const { shape, data } = tensor
  const length = shape[axis]!
  if (from === 0 || length === 1) return tensor
  const inner = elementCount(shape.slice(axis + 1))
  const outer = elementCount(shape.slice(0, axis))
  const kept = (length - from) * inner
  const rest = new Float32Array(outer * kept)
  for (let i = 0; i < outer; i++) {
    const end = (i + 1) * length * inner
    rest.set(data.subarray(end - kept, end), i * kept)
  }
  return { shape: shape.with(axis, length - from), data: rest }
}

/**
 * scale · value + add, as the graph computes it.
 * @returns of the value's shape
 */
export function applied(value: Tensor, { scale, add }: Affine): Tensor {
  return eachChanged(
    value,
    scale.shape,
    (number, entry) => Math.fround(number * scale.data[entry]!) + add.data[entry]!
  )
}

/** scale · value, as a gradient goes back through edits. */
export function scaled(value: Tensor, { scale }: Affine): Tensor {
  return eachChanged(value, scale.shape, (number, entry) => number * scale.data[entry]!)
}

/**
 * Changes each number of a value.
 * @param shape of what it is changed by, 1 where that is alike along an axis
 * @param change takes a number and where that lies which it is changed by
 */
function eachChanged(
  { shape: whole, data }: Tensor,
  shape: readonly number[],
  change: (number: number, entry: number) => number
): Tensor {
  const result = new Float32Array(data.length)
  const places = whole.map(length => Array.from({ length }, (_, index) => index))
  forEachEntry(places, (index, ordinal) => {
    result[ordinal] = change(data[ordinal]!, offsetOf(index, shape))
  })
  return { shape: whole, data: result }
}

/** Σ a · b over what an edit chooses. */
export function sumOfProducts(edit: Edit, place: HookPlace, a: Tensor, b: Tensor): number {
  const isSeen = seenEntries(place)
  let sum = 0
  forEachEntry(
    place.axes.map(axis => indicesOf(edit.at, axis)),
    index => {
      const entry = offsetOf(index, a.shape)
      if (isSeen(index)) sum += a.data[entry]! * b.data[entry]!
    }
  )
  return sum
}

/** Whether an edit does not treat all entries along an axis alike. */
function variesAlong(
  { at, add }: Edit,
  { choice }: HookAxis,
  place: number,
  addition: Tensor | null,
  axes: readonly HookAxis[]
): boolean {
  if (at[choice] !== undefined) return true
  if (addition !== null) return addition.shape[place] !== 1
  if (!Array.isArray(add)) return false
  const units = indicesOf(at, axes.at(-1)!).length
  return place === axes.length - 1 || (add as readonly number[]).length !== units
}

/** What an edit adds to an entry, by its index, its place among all that is chosen, and its place among the units. */
function addedBy(
  { add }: Edit,
  addition: Tensor | null,
  units: number
): (index: readonly number[], ordinal: number, unit: number) => number {
  if (addition !== null) {
    const times = addsFromRun(add) ? add.times : 1
    return index => times * addition.data[offsetOf(index, addition.shape)]!
  }
  if (Array.isArray(add)) {
    const list = add as readonly number[]
    return list.length === units ? (_, __, unit) => list[unit]! : (_, ordinal) => list[ordinal]!
  }
  const sum = add === '-inf' ? -Infinity : Number(add ?? 0)
  return () => sum
}

/** Calls for every combination of indices, one of each axis, the last axis fastest. */
function forEachEntry(
  places: readonly (readonly number[])[],
  visit: (index: readonly number[], ordinal: number, unit: number) => void
): void {
  const index = places.map(() => 0)
  let ordinal = 0
  const along = (axis: number): void => {
    const isLast = axis === places.length - 1
    places[axis]!.forEach((place, unit) => {
      index[axis] = place
      if (isLast) visit(index, ordinal++, unit)
      else along(axis + 1)
    })
  }
  along(0)
}

/** Where an entry lies in a tensor whose axes of 1 stand for every index. */
function offsetOf(index: readonly number[], shape: readonly number[]): number {
  let offset = 0
  for (let axis = 0; axis < shape.length; axis++)
    offset = offset * shape[axis]! + (shape[axis] === 1 ? 0 : index[axis]!)
  return offset
}

/** Whether an entry may change: of scores and patterns, whether the query sees the key. */
function seenEntries({ axes, visibility }: HookPlace): (index: readonly number[]) => boolean {
  const [, query] = axes
  if (query?.choice !== 'query') return () => true
  const seen = Array.from({ length: query.length }, (_, i) =>
    visibleKeys(visibility, i, query.length)
  )
  return ([, query, key]) => key! >= seen[query!]!.start && key! < seen[query!]!.end
}

function checkRows(
  add: Float32Array,
  [heads = 0, count = 0]: readonly number[],
  { hook, visibility }: HookPlace
): void {
  for (let head = 0; head < heads; head++)
    for (let query = 0; query < count; query++) {
      const { start, end } = visibleKeys(visibility, query, count)
      const row = add.subarray((head * count + query) * count, (head * count + query + 1) * count)
      if (row.subarray(start, end).every(isMaskedScore))
        throw new LamellaError(
          'invalid-argument',
          `${hook}: query ${query} would see no key once it is edited`,
          'Leave each query a key that it sees.'
        )
    }
}
