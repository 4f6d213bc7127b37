import { setImmediate as nextTurn } from 'node:timers/promises'
import { cancelled, type LamellaError } from '#common/model/errors.ts'
import { bytesPerElement, type DType } from '#common/model/tensor.ts'
import { checkpointFile } from './checkpoint-file.ts'
import type { CheckpointFile, TensorEntry, WeightsContent } from './tensor-entry.ts'
import { fileLabel, invalidFile, quoted, unsupportedFile } from '../files/file-error.ts'
import { JsonReader } from '../files/json-reader.ts'
import type { FilePlace } from '../files/folder.ts'
import { readExactly, withFile, type OpenFile } from '../files/open-file.ts'

/** The largest header the format allows, in bytes. */
export const headerLimit = 100_000_000

/**
 * Reads the header of a safetensors file and checks all that the format demands; no tensor is read.
 * @throws LamellaError naming the file and the first thing wrong
 * @source https://github.com/huggingface/safetensors#format
 */
export async function readSafetensors(
  place: FilePlace,
  signal?: AbortSignal
): Promise<WeightsContent> {
  const { label } = place
  return withFile(place, async file => {
    const header = await headerBytes(file)
    const known = await checkpointFile(file)
    if (signal?.aborted) throw cancelled()
    const dataStart = 8 + header.length
    const reader = new JsonReader(header, `${fileLabel(label)}: the header`)
    const tensors = new Map<string, TensorEntry>()
    const metadata = new Map<string, string>()
    let sawMetadata = false
    let lastTurn = performance.now()

    for (const name of members(reader)) {
      if (tensors.has(name) || (name === '__metadata__' && sawMetadata))
        throw reader.error(`has the duplicate key ${quoted(name)}`)
      if (name === '__metadata__') {
        sawMetadata = true
        readMetadata(reader, metadata)
      } else tensors.set(name, readTensor(reader, name, known, dataStart))
      if (tensors.size % 1024 === 0 && performance.now() - lastTurn > longestTurn) {
        await nextTurn()
        if (signal?.aborted) throw cancelled()
        lastTurn = performance.now()
      }
    }
    reader.end()
    checkCoverage(label, tensors, dataStart, file.size)
    return { format: 'safetensors', file: known, tensors, metadata }
  })
}

/** Milliseconds of parsing before other work may run. */
const longestTurn = 20

async function headerBytes(file: OpenFile): Promise<Uint8Array> {
  const { label, size } = file
  if (size < 8)
    throw invalidFile(
      label,
      `${size} bytes are too few for a safetensors file, which has at least 8`
    )
  const prefix = new Uint8Array(8)
  await readExactly(file, 0, prefix)
  const length = new DataView(prefix.buffer).getBigUint64(0, true)
  if (length > headerLimit)
    throw invalidFile(label, `header length ${length} exceeds the 100 MB limit`)
  if (Number(length) > size - 8)
    throw invalidFile(
      label,
      `header length ${length} goes past the end of the file (${size} bytes)`
    )
  const header = new Uint8Array(Number(length))
  await readExactly(file, 8, header)
  if (header[0] !== 0x7b) throw invalidFile(label, 'the header does not begin with "{"')
  return header
}

/** The keys of the object that comes next; the value of each is read by the loop's body. */
function* members(reader: JsonReader): Generator<string> {
  reader.expect('{')
  if (reader.take('}')) return
  do yield reader.key()
  while (reader.take(','))
  reader.expect('}')
}

function readMetadata(reader: JsonReader, metadata: Map<string, string>): void {
  if (reader.peek() !== 0x7b) throw reader.error('has a __metadata__ that is not an object')
  for (const key of members(reader)) {
    if (metadata.has(key)) throw reader.error(`has the duplicate key ${quoted(key)}`)
    if (reader.peek() !== 0x22)
      throw reader.error(`has __metadata__ whose ${quoted(key)} is not a string`)
    metadata.set(key, reader.string())
  }
}

function readTensor(
  reader: JsonReader,
  name: string,
  file: CheckpointFile,
  dataStart: number
): TensorEntry {
  const { label } = file
  let dtype: string | undefined
  let shape: number[] | undefined
  let offsets: number[] | undefined
  let others: Set<string> | undefined
  if (reader.peek() !== 0x7b)
    throw reader.error(
      `has for tensor ${quoted(name)} no object with dtype, shape and data_offsets`
    )
  for (const key of members(reader)) {
    const again =
      (key === 'dtype' && dtype !== undefined) ||
      (key === 'shape' && shape) ||
      (key === 'data_offsets' && offsets)
    if (again || others?.has(key))
      throw reader.error(`has the duplicate key ${quoted(key)} in tensor ${quoted(name)}`)
    if (key === 'dtype') dtype = reader.string()
    else if (key === 'shape') shape = readNumbers(reader, 'a dimension', name, label)
    else if (key === 'data_offsets') offsets = readNumbers(reader, 'an offset', name, label)
    else {
      ;(others ??= new Set()).add(key)
      reader.skip({ depthLimit: 64, duplicateKeys: 'refuse' })
    }
  }
  if (dtype === undefined || shape === undefined || offsets === undefined) {
    const missing = !dtype ? 'dtype' : !shape ? 'shape' : 'data_offsets'
    throw invalidFile(label, `tensor ${quoted(name)} has no ${missing}`)
  }
  checkDType(label, name, dtype)
  const byteLength = spannedBytes(label, name, dtype, shape, offsets)
  return { name, dtype, shape, file, offset: dataStart + offsets[0]!, byteLength }
}

function readNumbers(reader: JsonReader, what: string, tensor: string, label: string): number[] {
  const numbers: number[] = []
  reader.expect('[')
  if (reader.take(']')) return numbers
  do {
    numbers.push(reader.wholeNumber(what, tensor))
    if (numbers.length > rankLimit)
      throw invalidFile(label, `tensor ${quoted(tensor)} has more than ${rankLimit} dimensions`)
  } while (reader.take(','))
  reader.expect(']')
  return numbers
}

/** As many dimensions as PyTorch and NumPy allow. */
const rankLimit = 64

/** Types that the format knows and no checkpoint is read in. */
const unsupportedTypes = new Set(
  'F4 F6_E2M3 F6_E3M2 F8_E5M2FNUZ F8_E4M3FNUZ F8_E8M0 C64'.split(' ')
)

function checkDType(label: string, name: string, dtype: string): asserts dtype is DType {
  if (Object.hasOwn(bytesPerElement, dtype)) return
  if (unsupportedTypes.has(dtype))
    throw unsupportedFile(
      label,
      `tensor ${quoted(name)} is of dtype ${dtype}, which is not supported`
    )
  throw invalidFile(label, `tensor ${quoted(name)} is of the unknown dtype ${quoted(dtype)}`)
}

function spannedBytes(
  label: string,
  name: string,
  dtype: DType,
  shape: readonly number[],
  offsets: readonly number[]
): number {
  const [begin, end] = offsets
  if (begin === undefined || end === undefined || offsets.length !== 2)
    throw invalidFile(label, `tensor ${quoted(name)} has ${offsets.length} data_offsets, not 2`)
  if (end < begin)
    throw invalidFile(label, `tensor ${quoted(name)} ends at ${end}, before it begins at ${begin}`)
  const bytes = shape.reduce((product, dimension) => {
    // Checked at every step: past 2^53 a later zero would hide the overflow.
    if (product * dimension > Number.MAX_SAFE_INTEGER)
      throw invalidFile(
        label,
        `tensor ${quoted(name)} has the shape [${shape.join(', ')}], over 2^53 bytes`
      )
    return product * dimension
  }, bytesPerElement[dtype])
  if (end - begin !== bytes)
    throw invalidFile(
      label,
      `tensor ${quoted(name)} of ${dtype} [${shape.join(', ')}] takes ${bytes} bytes, but its data_offsets span ${end - begin}`
    )
  return bytes
}

/** Checks that the tensors lie end to end over all of the file after the header. */
function checkCoverage(
  label: string,
  tensors: ReadonlyMap<string, TensorEntry>,
  dataStart: number,
  size: number
): void {
  const inOrder = [...tensors.values()].sort(
    (a, b) => a.offset - b.offset || a.byteLength - b.byteLength
  )
  let position = dataStart
  let previous: TensorEntry | undefined
  for (const tensor of inOrder) {
    if (tensor.offset < position) throw overlap(label, previous!, tensor)
    if (tensor.offset > position)
      throw invalidFile(
        label,
        `${tensor.offset - position} bytes before tensor ${quoted(tensor.name)} belong to no tensor`
      )
    position += tensor.byteLength
    previous = tensor
  }
  if (position > size)
    throw invalidFile(label, `${position - size} bytes are missing at the end of the file`)
  if (position < size)
    throw invalidFile(label, `${size - position} bytes follow the last tensor and belong to none`)
}

function overlap(label: string, a: TensorEntry, b: TensorEntry): LamellaError {
  return invalidFile(label, `tensors ${quoted(a.name)} and ${quoted(b.name)} overlap`)
}
