import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { endianness } from 'node:os'
import { LamellaError } from '#common/model/errors.ts'
import { bytesPerElement, type DType, elementCount } from '#common/model/tensor.ts'

/** A tensor to write: row-major elements of `dtype`, little-endian. */
export interface StoredTensor {
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly data: ArrayBufferView<ArrayBufferLike>
}

/**
 * Writes tensors to a safetensors file, asking for one after the other, so that only one is in memory.
 * They go beside `path` first and take its place when all are written.
 * @param tensor gives the tensor of a name
 * @throws LamellaError when the file cannot be written or a tensor's bytes do not fit its shape
 * @source https://github.com/huggingface/safetensors#format
 */
export async function writeSafetensors(
  path: string,
  names: readonly string[],
  tensor: (name: string) => StoredTensor | Promise<StoredTensor>
): Promise<void> {
  if (endianness() !== 'LE')
    throw new LamellaError('unsupported', `${path}: this machine is not little-endian`)
  if (new Set(names).size !== names.length)
    throw new LamellaError('internal', `${path}: two tensors of one name`)
  const temporary = `${path}.${process.pid}.tmp`
  const file = await open(temporary, 'wx').catch((error: Error) => {
    throw unwritable(path, error)
  })
  try {
    await writeTensors(file, path, names, tensor)
    await file.sync()
    await file.close()
    await rename(temporary, path)
  } catch (error) {
    await file.close().catch(() => undefined)
    await rm(temporary, { force: true })
    throw error instanceof LamellaError ? error : unwritable(path, error as Error)
  }
}

/** The data first: shapes are known only when it is there. The header has room kept for it in front. */
async function writeTensors(
  file: FileHandle,
  path: string,
  names: readonly string[],
  tensor: (name: string) => StoredTensor | Promise<StoredTensor>
): Promise<void> {
  const headerLength = headerRoom(names)
  const header: Record<string, { dtype: DType; shape: readonly number[]; data_offsets: number[] }> =
    Object.create(null) as never
  let end = 0
  for (const name of names) {
    const { dtype, shape, data } = await tensor(name)
    const expected = elementCount(shape) * bytesPerElement[dtype]
    if (data.byteLength !== expected)
      throw new LamellaError(
        'internal',
        `${path}: ${name}: ${data.byteLength} bytes, expected ${expected} for ${dtype} [${shape.join(', ')}]`
      )
    await writeAll(file, bytesOf(data), 8 + headerLength + end)
    header[name] = { dtype, shape, data_offsets: [end, end + expected] }
    end += expected
  }
  const text = JSON.stringify(header)
  const front = Buffer.alloc(8 + headerLength, ' ')
  front.writeBigUInt64LE(BigInt(headerLength))
  front.write(text, 8)
  if (8 + Buffer.byteLength(text) > front.length)
    throw new LamellaError('internal', `${path}: header longer than the room kept for it`)
  await writeAll(file, front, 0)
}

/** Bytes to keep for a header of up to 8 axes a tensor; a multiple of 8, so that the data is aligned. */
function headerRoom(names: readonly string[]): number {
  const fixed = '{"dtype":"BF16","shape":[],"data_offsets":[,]},:'.length
  const numbers = 10 * (String(Number.MAX_SAFE_INTEGER).length + 1)
  const entries = names.map(name => Buffer.byteLength(JSON.stringify(name)) + fixed + numbers)
  return Math.ceil((2 + entries.reduce((sum, length) => sum + length, 0)) / 8) * 8
}

/** A single write may take less than it is given. */
async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let written = 0
  while (written < bytes.length)
    written += (
      await file.write(
        bytes,
        written,
        Math.min(bytes.length - written, 2 ** 30),
        position + written
      )
    ).bytesWritten
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

function unwritable(path: string, { message }: Error): LamellaError {
  return new LamellaError('file-unreadable', `${path}: cannot be written: ${message}`)
}
