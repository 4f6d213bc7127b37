import { crc32 } from 'node:zlib'
import { LamellaError } from '#common/model/errors.ts'
import { bytesPerElement, elementCount } from '#common/model/tensor.ts'
import { writeFloat32 } from '#common/model/to-float32.ts'
import { fileLabel, invalidFile, quoted } from '../files/file-error.ts'
import { readExactly, withKnownFile } from '../files/open-file.ts'
import { bytesOf, gapBytes, gatherBytes } from './strided.ts'
import type { TensorEntry } from './tensor-entry.ts'

/** Bytes converted at once, so that a tensor is never held twice. */
const chunkBytes = 4 << 20

/** Reads of rows under way at once, as many as Node has threads for: one after the other each waits for its own way there. */
const readsAtOnce = 4

/**
 * Bytes of a tensor exactly as they lie in the file; of one with strides, all from its first element to
 * its last.
 * @param range bytes from the tensor's begin, `end` exclusive; all of it when left out
 * @throws LamellaError when the file got shorter, can no longer be read or is damaged; RangeError for a
 *   range outside
 */
export async function readBytes(
  entry: Pick<TensorEntry, 'file' | 'offset' | 'byteLength' | 'crc32' | 'content'>,
  range: { start: number; end: number } = { start: 0, end: entry.byteLength }
): Promise<Uint8Array<ArrayBuffer>> {
  const { start, end } = range
  const inside = start >= 0 && start <= end && end <= entry.byteLength
  if (!inside || !Number.isInteger(start) || !Number.isInteger(end))
    throw new RangeError(`bytes ${start} to ${end} are outside a tensor of ${entry.byteLength}`)
  if (entry.content !== undefined) return entry.content.slice(start, end)
  return withKnownFile(entry.file, async file => {
    const bytes = new Uint8Array(end - start)
    await readExactly(file, entry.offset + start, bytes)
    if (entry.crc32 !== undefined && bytes.length === entry.byteLength)
      checkSum(entry, crc32(bytes))
    return bytes
  })
}

/**
 * The bytes of a whole tensor in its own type, row-major, whatever its strides.
 * @throws LamellaError when the file got shorter, can no longer be read or is damaged
 */
export async function readRowMajor(entry: TensorEntry): Promise<Uint8Array<ArrayBuffer>> {
  if (entry.strides === undefined) return readBytes(entry)
  return withKnownFile(entry.file, file => gatherBytes(bytesOf(file), entry))
}

/**
 * Hands the bytes of a whole tensor over piece by piece in row-major order, each of whole elements and valid until the
 * next. What `take` promises is waited for.
 * @throws LamellaError when the file got shorter, can no longer be read or is damaged
 */
export async function readPieces(
  entry: TensorEntry,
  take: (piece: Uint8Array) => void | Promise<void>
): Promise<void> {
  const { file, offset, byteLength, content, strides } = entry
  if (content !== undefined) {
    for (let done = 0; done < byteLength; done += chunkBytes)
      await take(content.subarray(done, done + chunkBytes))
    return
  }
  await withKnownFile(file, async open => {
    if (strides !== undefined) {
      for (const part of partsOf(entry.shape, strides, entry))
        await take(await gatherBytes(bytesOf(open), part))
      return
    }
    const chunk = new Uint8Array(Math.min(byteLength, chunkBytes))
    let sum = 0
    for (let done = 0; done < byteLength; done += chunk.length) {
      const piece = chunk.subarray(0, Math.min(chunk.length, byteLength - done))
      await readExactly(open, offset + done, piece)
      if (entry.crc32 !== undefined) sum = crc32(piece, sum)
      await take(piece)
    }
    checkSum(entry, sum)
  })
}

/** A tensor with strides in parts of a chunk, in row-major order. */
function* partsOf(
  shape: readonly number[],
  strides: readonly number[],
  { dtype, offset }: Pick<TensorEntry, 'dtype' | 'offset'>
): Generator<Pick<TensorEntry, 'shape' | 'strides' | 'dtype' | 'offset'>> {
  if (elementCount(shape) === 0) return
  const size = bytesPerElement[dtype]
  const [rows = 1, ...rest] = shape
  const atOnce = Math.floor(chunkBytes / (elementCount(rest) * size))
  if (atOnce >= rows) {
    yield { shape, strides, dtype, offset }
    return
  }
  for (let row = 0; row < rows; row += Math.max(1, atOnce)) {
    const from = { dtype, offset: offset + row * strides[0]! * size }
    if (atOnce === 0) yield* partsOf(rest, strides.slice(1), from)
    else yield { ...from, shape: [Math.min(atOnce, rows - row), ...rest], strides }
  }
}

/**
 * A whole tensor as float32, row-major.
 * @throws LamellaError when the file got shorter, can no longer be read or is damaged
 */
export async function readFloat32(entry: TensorEntry): Promise<Float32Array> {
  const { dtype } = entry
  if (dtype === 'F32') return new Float32Array((await readRowMajor(entry)).buffer)
  const out = new Float32Array(elementCount(entry.shape))
  let at = 0
  await readPieces(entry, piece => {
    writeFloat32(out, at, piece, dtype)
    at += piece.length / bytesPerElement[dtype]
  })
  return out
}

/**
 * Some rows of a tensor as float32; only these are read.
 * @param rows indices into the first axis, in any order, repeats allowed
 * @returns [rows.length, ...shape.slice(1)]
 * @throws LamellaError `invalid-argument` for a scalar or a row outside the tensor
 */
export async function readRows(entry: TensorEntry, rows: readonly number[]): Promise<Float32Array> {
  const [length, ...rest] = entry.shape
  const wrong = rows.find(row => !Number.isInteger(row) || row < 0 || row >= (length ?? 0))
  if (length === undefined || wrong !== undefined)
    throw new LamellaError(
      'invalid-argument',
      `${fileLabel(entry.file.label)}: tensor ${quoted(entry.name)} of shape [${entry.shape.join(', ')}] has no row ${wrong ?? ''}`.trimEnd()
    )
  const width = elementCount(rest)
  const rowBytes = width * bytesPerElement[entry.dtype]
  const out = new Float32Array(rows.length * width)
  if (out.length === 0) return out
  if (entry.content !== undefined) return gatherRows(await readFloat32(entry), rows, width)
  if (entry.strides !== undefined) return strideRows(entry, rows)
  await withKnownFile(entry.file, async file => {
    const waiting = runs(rows, rowBytes).values()
    const readThem = async () => {
      for (const { first, last, wanted } of waiting) {
        const bytes = new Uint8Array((last - first + 1) * rowBytes)
        await readExactly(file, entry.offset + first * rowBytes, bytes)
        for (const at of wanted) {
          const start = (rows[at]! - first) * rowBytes
          writeFloat32(out, at * width, bytes.subarray(start, start + rowBytes), entry.dtype)
        }
      }
    }
    await Promise.all(Array.from({ length: readsAtOnce }, readThem))
  })
  return out
}

async function strideRows(entry: TensorEntry, rows: readonly number[]): Promise<Float32Array> {
  const { strides = [], dtype, offset } = entry
  const shape = entry.shape.slice(1)
  const width = elementCount(shape)
  const size = bytesPerElement[dtype]
  const rowSpan = shape.reduce((at, length, axis) => at + (length - 1) * strides[axis + 1]!, 1)
  if (rowSpan * rows.length * size > entry.byteLength) {
    // Rows interleave, as those of a transposed matrix do: together they cost more than all at once.
    return gatherRows(await readFloat32(entry), rows, width)
  }
  return withKnownFile(entry.file, async file => {
    const out = new Float32Array(rows.length * width)
    for (const [at, row] of rows.entries()) {
      const start = offset + row * strides[0]! * size
      const part = { shape, strides: strides.slice(1), dtype, offset: start }
      writeFloat32(out, at * width, await gatherBytes(bytesOf(file), part), dtype)
    }
    return out
  })
}

function gatherRows(all: Float32Array, rows: readonly number[], width: number): Float32Array {
  const out = new Float32Array(rows.length * width)
  rows.forEach((row, at) => out.set(all.subarray(row * width, (row + 1) * width), at * width))
  return out
}

function checkSum({ file, crc32: stated }: Pick<TensorEntry, 'file' | 'crc32'>, sum: number): void {
  if (stated !== undefined && stated !== sum)
    throw invalidFile(file.label, 'a tensor is damaged: the checksum of its bytes does not match')
}

/** Rows that one read covers; `wanted` holds places in the list asked for. */
interface Run {
  readonly first: number
  last: number
  readonly wanted: number[]
}

/** The rows in the order they lie in the file, neighbours together up to a bound on memory. */
function runs(rows: readonly number[], rowBytes: number): Run[] {
  const places = rows.map((_, place) => place).sort((a, b) => rows[a]! - rows[b]!)
  const found: Run[] = []
  for (const place of places) {
    const row = rows[place]!
    const run = found.at(-1)
    const near = run !== undefined && (row - run.last - 1) * rowBytes <= gapBytes
    const small = run !== undefined && (row - run.first + 1) * rowBytes <= chunkBytes
    if (run !== undefined && (row === run.last || (near && small))) {
      run.last = row
      run.wanted.push(place)
    } else found.push({ first: row, last: row, wanted: [place] })
  }
  return found
}
