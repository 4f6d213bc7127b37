import { endianness } from 'node:os'
import { LamellaError } from '#common/model/errors.ts'
import { bytesPerElement, type DType, elementCount } from '#common/model/tensor.ts'
import { type FileWriter, writeWholeFile } from './whole-file.ts'

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
 * @param metadata what the file says of itself, as `__metadata__`
 * @param keep what the file must not take the place of, as `writeWholeFile` has it
 * @throws LamellaError when the file cannot be written or a tensor's bytes do not fit its shape
 * @source https://github.com/huggingface/safetensors#format
 */
export async function writeSafetensors(
  path: string,
  names: readonly string[],
  tensor: (name: string) => StoredTensor | Promise<StoredTensor>,
  metadata: Readonly<Record<string, string>> = {},
  keep: readonly string[] = []
): Promise<void> {
  if (endianness() !== 'LE')
    throw new LamellaError('unsupported', `${path}: this machine is not little-endian`)
  if (new Set(names).size !== names.length)
    throw new LamellaError('internal', `${path}: two tensors of one name`)
  await writeWholeFile(path, file => writeTensors(file, path, names, tensor, metadata), keep)
}

/** The data first: shapes are known only when it is there. The header has room kept for it in front. */
async function writeTensors(
  file: FileWriter,
  path: string,
  names: readonly string[],
  tensor: (name: string) => StoredTensor | Promise<StoredTensor>,
  metadata: Readonly<Record<string, string>>
): Promise<void> {
  const headerLength = headerRoom(names, metadata)
  const header: Record<string, unknown> = Object.create(null) as never
  if (Object.keys(metadata).length > 0) header['__metadata__'] = metadata
  let end = 0
  for (const name of names) {
    const { dtype, shape, data } = await tensor(name)
    const expected = elementCount(shape) * bytesPerElement[dtype]
    if (data.byteLength !== expected)
      throw new LamellaError(
        'internal',
        `${path}: ${name}: ${data.byteLength} bytes, expected ${expected} for ${dtype} [${shape.join(', ')}]`
      )
    await file.writeAt(8 + headerLength + end, bytesOf(data))
    header[name] = { dtype, shape, data_offsets: [end, end + expected] }
    end += expected
  }
  const text = JSON.stringify(header)
  const front = Buffer.alloc(8 + headerLength, ' ')
  front.writeBigUInt64LE(BigInt(headerLength))
  front.write(text, 8)
  if (8 + Buffer.byteLength(text) > front.length)
    throw new LamellaError('internal', `${path}: header longer than the room kept for it`)
  await file.writeAt(0, front)
}

/** Bytes to keep for a header of up to 8 axes a tensor; a multiple of 8, so that the data is aligned. */
function headerRoom(names: readonly string[], metadata: Readonly<Record<string, string>>): number {
  const fixed = '{"dtype":"BF16","shape":[],"data_offsets":[,]},:'.length
  const numbers = 10 * (String(Number.MAX_SAFE_INTEGER).length + 1)
  const entries = names.map(name => Buffer.byteLength(JSON.stringify(name)) + fixed + numbers)
  const said = Buffer.byteLength(JSON.stringify({ __metadata__: metadata }))
  return Math.ceil((2 + said + entries.reduce((sum, length) => sum + length, 0)) / 8) * 8
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}
