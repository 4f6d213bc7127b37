import { z } from 'zod'
import { checkIndex } from '#common/model/check-index.ts'
import { elementCount } from '#common/model/tensor.ts'
import { decodeTensor, encodeTensor } from '../trace/encoding.ts'
import type { Row } from './format.ts'
import type { KeptValue } from './protocol.ts'

/** What is said of the bytes of a value, or of one slice of its first axis. */
const About = z.strictObject({
  precision: z.enum(['float32', 'float16']),
  shape: z.array(z.int().min(0)).max(16),
  compressed: z.boolean(),
  /** How many slices the value has; null where it is whole. */
  slices: z.int().min(1).nullable()
})

/** What one row gives at most, in numbers. */
const mostNumbers = 2 ** 29

/** The key of the row that holds a value, or its first slice. */
export function valueKey(run: string, hook: string, slice = 0): string {
  return `${run} ${hook} ${slice}`
}

/** The run and the hook of a row's key; null of any but a first row, so that each value comes once. */
export function valueOf(key: string): { readonly run: string; readonly hook: string } | null {
  const [run, hook, slice, ...more] = key.split(' ')
  return slice === '0' && more.length === 0 ? { run: run!, hook: hook! } : null
}

/** A value as rows: matrices by head, so that one head is read alone. */
export function* valueRows(
  run: string,
  hook: string,
  { value, precision }: KeptValue,
  bySlice: boolean
): Generator<Row> {
  const [count = 0, ...own] = value.shape
  if (!bySlice || count === 0) {
    yield row(valueKey(run, hook), { value, precision }, null)
    return
  }
  const size = elementCount(own)
  for (let slice = 0; slice < count; slice++) {
    const data = value.data.subarray(slice * size, (slice + 1) * size)
    yield row(valueKey(run, hook, slice), { value: { shape: own, data }, precision }, count)
  }
}

function row(key: string, { value, precision }: KeptValue, slices: number | null): Row {
  const data = precision === 'float16' ? new Float16Array(value.data) : value.data
  const { bytes, shape, compressed } = encodeTensor({ shape: value.shape, data })
  const about = { precision, shape: [...shape], compressed, slices }
  return { key, about: JSON.stringify(about), bytes }
}

/**
 * A value, or one slice of its first axis, from its rows.
 * @param rowAt gives the row of a slice; null where there is none, or it is damaged
 * @returns null where a row of it is missing
 * @throws LamellaError `invalid-argument` when the axis has no such index; Error of a row that is no value
 */
export function valueFrom(
  rowAt: (slice: number) => Row | null,
  index: number | undefined
): KeptValue | null {
  const first = rowAt(0)
  if (first === null) return null
  const { slices, precision } = About.parse(JSON.parse(first.about))
  if (slices === null) {
    const value = decoded(first).value
    if (index === undefined) return { value, precision }
    const [length = 0, ...own] = value.shape
    checkIndex('index', index, length)
    const size = elementCount(own)
    const data = value.data.slice(index * size, (index + 1) * size)
    return { value: { shape: own, data }, precision }
  }
  if (index !== undefined) {
    checkIndex('index', index, slices)
    const found = rowAt(index)
    return found === null ? null : decoded(found)
  }
  const { shape: own } = decoded(first).value
  const size = elementCount(own)
  if (size * slices > mostNumbers) throw new RangeError('a value too large')
  const data = new Float32Array(size * slices)
  for (let slice = 0; slice < slices; slice++) {
    const found = rowAt(slice)
    if (found === null) return null
    const { value } = decoded(found)
    if (value.data.length !== size) throw new RangeError('slices of different sizes')
    data.set(value.data, slice * size)
  }
  return { value: { shape: [slices, ...own], data }, precision }
}

function decoded({ about, bytes }: Row) {
  const told = About.parse(JSON.parse(about))
  if (elementCount(told.shape) > mostNumbers) throw new RangeError('a value too large')
  return { value: decodeTensor({ ...told, bytes }), precision: told.precision }
}
