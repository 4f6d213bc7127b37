import { z } from 'zod'
import { Axis, Dataset, type NumberArray } from '#common/data/dataset.ts'
import { Json } from '#common/model/json.ts'
import type { Row } from './format.ts'

const arrays = { float32: Float32Array, float64: Float64Array, int32: Int32Array } as const
type Kind = keyof typeof arrays

const Head = z.strictObject({
  /** What was asked, as whoever asked knows it. */
  request: Json,
  axes: z.record(z.string(), Axis),
  variables: z.record(
    z.string(),
    z.strictObject({
      axes: z.array(z.string()),
      unit: z.string(),
      about: z.string(),
      dtype: z.enum(['float32', 'float64', 'int32']),
      /** Where its numbers begin, in bytes, and how many there are. */
      offset: z.int().min(0),
      length: z.int().min(0)
    })
  ),
  attributes: z.record(z.string(), Json)
})

/** A dataset as a row: what is said of it as JSON, its arrays one after the other. */
export function datasetRow(key: string, request: z.infer<typeof Json>, dataset: Dataset): Row {
  let offset = 0
  const pieces: Uint8Array[] = []
  const variables = Object.entries(dataset.variables).map(([name, { data, ...told }]) => {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    const padding = -bytes.byteLength & 7
    pieces.push(bytes, new Uint8Array(padding))
    const place = { dtype: kindOf(data), offset, length: data.length }
    offset += bytes.byteLength + padding
    return [name, { ...told, ...place }] as const
  })
  const { axes, attributes } = dataset
  const head = { request, axes, variables: Object.fromEntries(variables), attributes }
  return { key, about: JSON.stringify(head), bytes: Buffer.concat(pieces) }
}

/** @throws Error of a row that is no dataset */
export function datasetFrom({ about, bytes }: Row): Dataset {
  const { axes, variables, attributes } = Head.parse(JSON.parse(about))
  let taken = 0
  const read = Object.entries(variables).map(([name, { dtype, offset, length, ...told }]) => {
    const array = arrays[dtype]
    const end = offset + length * array.BYTES_PER_ELEMENT
    // Variables that lie over one another would be more than there is.
    taken += end - offset
    if (end > bytes.byteLength || taken > bytes.byteLength)
      throw new RangeError(`${name}: ends beyond its bytes`)
    const own = bytes.slice(offset, end)
    return [name, { ...told, data: new array(own.buffer, own.byteOffset, length) }] as const
  })
  return Dataset.parse({ axes, variables: Object.fromEntries(read), attributes })
}

/** What was asked for a dataset. @throws Error of a row that is no dataset */
export function requestOf({ about }: Row): z.infer<typeof Json> {
  return Head.parse(JSON.parse(about)).request
}

function kindOf(data: NumberArray): Kind {
  if (data instanceof Float32Array) return 'float32'
  return data instanceof Float64Array ? 'float64' : 'int32'
}
