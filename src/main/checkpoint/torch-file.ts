import { cancelled } from '#common/model/errors.ts'
import { bytesPerElement, elementCount } from '#common/model/tensor.ts'
import { invalidFile } from '../files/file-error.ts'
import type { FilePlace } from '../files/folder.ts'
import { readExactly, withFile } from '../files/open-file.ts'
import { checkpointFile } from './checkpoint-file.ts'
import type { CheckpointFile, TensorEntry, WeightsContent } from './tensor-entry.ts'
import type { StoragePlace } from './torch-content.ts'
import { readLegacyTorch } from './torch-legacy.ts'
import type { TorchTensor } from './torch-tensor.ts'
import { readZipTorch } from './torch-zip.ts'

const zipMagic = 0x04034b50

/**
 * Reads what a PyTorch file (`.pt`, `.pth`, `.bin`, `.ckpt`) says of its tensors, whether a zip archive or
 * of the format before it. The pickle in it is read as a description; nothing it names is looked up.
 * @throws LamellaError `file-invalid` for damage, `unsupported` for what weights have no need of
 */
export async function readTorchFile(
  place: FilePlace,
  signal?: AbortSignal
): Promise<WeightsContent> {
  const { label } = place
  return withFile(place, async file => {
    const magic = Buffer.alloc(4)
    if (file.size < 4) throw invalidFile(label, `${file.size} bytes are too few for a PyTorch file`)
    await readExactly(file, 0, magic)
    if (signal?.aborted) throw cancelled()
    const isZip = magic.readUInt32LE(0) === zipMagic
    const read = await (isZip ? readZipTorch : readLegacyTorch)(file, signal)
    const { tensors, places, stated, characters, beside } = read
    const known = await checkpointFile(file)
    const entries = new Map<string, TensorEntry>()
    const firsts = new Map<string, TensorEntry>()
    for (const [name, tensor] of tensors) {
      const entry = tensorEntry(known, name, tensor, places.get(tensor.storage.key)!)
      // The same elements in the same order, as PyTorch stores a tied matrix: one parameter under two names.
      const elements = JSON.stringify([entry.offset, entry.dtype, entry.shape, entry.strides])
      const first = entry.byteLength === 0 ? entry : (firsts.get(elements) ?? entry)
      firsts.set(elements, first)
      entries.set(name, first)
    }
    const content = {
      format: 'pytorch',
      file: known,
      tensors: entries,
      metadata: new Map()
    } as const
    return {
      ...content,
      ...(stated === null ? {} : { stated }),
      ...(characters === null ? {} : { characters }),
      ...(beside.length === 0 ? {} : { beside })
    }
  })
}

function tensorEntry(
  file: CheckpointFile,
  name: string,
  { dtype, shape, strides, offset, storage }: TorchTensor,
  place: StoragePlace
): TensorEntry {
  const size = bytesPerElement[dtype]
  const count = elementCount(shape)
  const entry = {
    name,
    dtype,
    shape,
    file,
    offset: place.offset + storage.start + offset,
    byteLength: count * size
  }
  if (!isRowMajor(shape, strides)) {
    const last = shape.reduce((at, dimension, axis) => at + (dimension - 1) * strides[axis]!, 0)
    return { ...entry, byteLength: (last + 1) * size, strides }
  }
  const isWhole = entry.byteLength === place.byteLength
  return isWhole && place.crc32 !== 0 ? { ...entry, crc32: place.crc32 } : entry
}

/** Whether the elements lie one after another; axes of one element, and empty tensors, may have any stride. */
function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  if (shape.includes(0)) return true
  let expected = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return false
    expected *= shape[axis]!
  }
  return true
}
