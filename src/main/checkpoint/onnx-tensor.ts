import { bytesPerElement, type DType } from '#common/model/tensor.ts'
import { invalidFile, quoted, unsupportedFile } from '../files/file-error.ts'
import { readVarints, type ByteRange, type WireField, type WireReader } from './onnx-wire.ts'

/** A tensor of an ONNX model as it describes itself. */
export interface OnnxTensor {
  readonly name: string
  readonly dtype: DType
  readonly shape: readonly number[]
  /** Bytes that its elements take, little-endian and row-major. */
  readonly byteLength: number
  readonly data: OnnxTensorData
}

/** Where a tensor's elements are. */
export type OnnxTensorData =
  | { readonly kind: 'range'; readonly range: ByteRange }
  /** Integers of varying length in the file, here as their type has them. */
  | { readonly kind: 'decoded'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'external'; readonly entries: ReadonlyMap<string, string> }

/** Element types by their number in ONNX. */
const dtypes: Readonly<Record<number, DType>> = {
  1: 'F32',
  2: 'U8',
  3: 'I8',
  4: 'U16',
  5: 'I16',
  6: 'I32',
  7: 'I64',
  9: 'BOOL',
  10: 'F16',
  11: 'F64',
  12: 'U32',
  13: 'U64',
  16: 'BF16'
}

const otherTypes: Readonly<Record<number, string>> = {
  8: 'STRING',
  14: 'COMPLEX64',
  15: 'COMPLEX128',
  17: 'FLOAT8E4M3FN',
  18: 'FLOAT8E4M3FNUZ',
  19: 'FLOAT8E5M2',
  20: 'FLOAT8E5M2FNUZ',
  21: 'UINT4',
  22: 'INT4',
  23: 'FLOAT4E2M1',
  24: 'FLOAT8E8M0',
  25: 'UINT2',
  26: 'INT2'
}

/** Fields of a TensorProto. */
export const tensorField = {
  dims: 1,
  dataType: 2,
  segment: 3,
  floatData: 4,
  int32Data: 5,
  stringData: 6,
  int64Data: 7,
  name: 8,
  rawData: 9,
  doubleData: 10,
  uint64Data: 11,
  externalData: 13,
  dataLocation: 14
} as const

/** Which types may keep their elements as which integers. */
const integerFields: Readonly<Record<number, readonly DType[]>> = {
  [tensorField.int32Data]: ['I32', 'I16', 'I8', 'U16', 'U8', 'BOOL', 'F16', 'BF16'],
  [tensorField.int64Data]: ['I64'],
  [tensorField.uint64Data]: ['U32', 'U64']
}

/** Bytes of varints that are decoded for one tensor. */
const decodedLimit = 4 << 20
const rankLimit = 64

/**
 * Reads what a TensorProto says of itself; the bytes of its elements stay where they are.
 * @throws LamellaError naming the tensor
 */
export async function readOnnxTensor(
  reader: WireReader,
  message: ByteRange,
  label: string
): Promise<OnnxTensor> {
  let name = ''
  let type = 0
  let isExternal = false
  const dims: bigint[] = []
  const entries = new Map<string, string>()
  const payloads: WireField[] = []
  for await (const field of reader.fields(message)) {
    if (field.number === tensorField.name) name = await reader.text(field.content)
    else if (field.number === tensorField.dims) {
      if (field.content.end - field.content.start > rankLimit * 10)
        throw invalidFile(label, `a tensor has more than ${rankLimit} dimensions`)
      dims.push(...((await readVarints(reader, field)) ?? []))
    } else if (field.number === tensorField.dataType) type = Number(field.value)
    else if (field.number === tensorField.dataLocation) isExternal = field.value === 1n
    else if (field.number === tensorField.externalData) {
      const [key, value] = await readEntry(reader, field.content)
      entries.set(key, value)
    } else if (payloadFields.has(field.number)) payloads.push(field)
  }
  if (name === '') throw invalidFile(label, `the tensor at byte ${message.start} has no name`)
  const dtype = dtypes[type]
  if (dtype === undefined)
    throw otherTypes[type] === undefined
      ? invalidFile(label, `tensor ${quoted(name)} is of the unknown type ${type}`)
      : unsupportedFile(
          label,
          `tensor ${quoted(name)} is of type ${otherTypes[type]}, which is not supported`
        )
  const shape = checkedShape(label, name, dims)
  const byteLength = checkedBytes(label, name, dtype, shape)
  const data = isExternal
    ? ({ kind: 'external', entries } as const)
    : await payload(reader, label, { name, dtype, shape, byteLength }, payloads)
  return { name, dtype, shape, byteLength, data }
}

/** The key and the value of a StringStringEntryProto. */
export async function readEntry(
  reader: WireReader,
  message: ByteRange
): Promise<readonly [string, string]> {
  let key = ''
  let value = ''
  for await (const field of reader.fields(message)) {
    if (field.number === 1) key = await reader.text(field.content)
    else if (field.number === 2) value = await reader.text(field.content)
  }
  return [key, value]
}

const payloadFields = new Set<number>([
  tensorField.segment,
  tensorField.floatData,
  tensorField.int32Data,
  tensorField.stringData,
  tensorField.int64Data,
  tensorField.rawData,
  tensorField.doubleData,
  tensorField.uint64Data
])

async function payload(
  reader: WireReader,
  label: string,
  tensor: Omit<OnnxTensor, 'data'>,
  fields: readonly WireField[]
): Promise<OnnxTensorData> {
  const { name, dtype, shape, byteLength } = tensor
  const [field, second] = fields.filter(({ content: { start, end } }) => end > start)
  const takes = `tensor ${quoted(name)} of ${dtype} [${shape.join(', ')}] takes ${byteLength} bytes`
  if (field === undefined) {
    if (byteLength === 0) return { kind: 'decoded', bytes: new Uint8Array() }
    throw invalidFile(label, `${takes}, but holds none`)
  }
  if (second !== undefined)
    throw unsupportedFile(label, `tensor ${quoted(name)} has its elements in several pieces`)
  const { number, wire, content } = field
  if (integerFields[number]?.includes(dtype))
    return { kind: 'decoded', bytes: await decoded(reader, label, tensor, field) }
  const isRange =
    number === tensorField.rawData ||
    (number === tensorField.floatData && dtype === 'F32') ||
    (number === tensorField.doubleData && dtype === 'F64')
  if (!isRange || wire !== 2)
    throw unsupportedFile(
      label,
      `tensor ${quoted(name)} of ${dtype} keeps its elements in a form that is not supported (field ${number})`
    )
  const held = content.end - content.start
  if (held !== byteLength) throw invalidFile(label, `${takes}, but holds ${held}`)
  return { kind: 'range', range: content }
}

async function decoded(
  reader: WireReader,
  label: string,
  { name, dtype, shape, byteLength }: Omit<OnnxTensor, 'data'>,
  field: WireField
): Promise<Uint8Array<ArrayBuffer>> {
  if (field.content.end - field.content.start > decodedLimit)
    throw unsupportedFile(
      label,
      `tensor ${quoted(name)} keeps more than ${decodedLimit} bytes of integers of varying length`
    )
  const values = await readVarints(reader, field)
  const size = bytesPerElement[dtype]
  const count = byteLength / size
  if (values?.length !== count)
    throw invalidFile(
      label,
      `tensor ${quoted(name)} of ${dtype} [${shape.join(', ')}] has ${count} elements, but holds ${values?.length ?? 'none'}`
    )
  const bytes = new Uint8Array(byteLength)
  const view = new DataView(bytes.buffer)
  values.forEach((value, index) => {
    const at = index * size
    if (size === 8) view.setBigInt64(at, value, true)
    else if (size === 4) view.setInt32(at, Number(BigInt.asIntN(32, value)), true)
    else if (size === 2) view.setInt16(at, Number(BigInt.asIntN(16, value)), true)
    else view.setInt8(at, Number(BigInt.asIntN(8, value)))
  })
  return bytes
}

function checkedShape(label: string, name: string, dims: readonly bigint[]): number[] {
  if (dims.length > rankLimit)
    throw invalidFile(label, `tensor ${quoted(name)} has more than ${rankLimit} dimensions`)
  const wrong = dims.find(dim => dim < 0n)
  if (wrong !== undefined)
    throw invalidFile(label, `tensor ${quoted(name)} has a dimension of ${wrong}`)
  return dims.map(Number)
}

function checkedBytes(label: string, name: string, dtype: DType, shape: readonly number[]): number {
  return shape.reduce((product, dimension) => {
    // Checked at every step: past 2^53 a later zero would hide the overflow.
    if (product * dimension > Number.MAX_SAFE_INTEGER)
      throw invalidFile(
        label,
        `tensor ${quoted(name)} has the shape [${shape.join(', ')}], over 2^53 bytes`
      )
    return product * dimension
  }, bytesPerElement[dtype])
}
