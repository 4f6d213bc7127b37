import { LamellaError } from '#common/model/errors.ts'
import { invalidFile, quoted, unsupportedFile } from '../files/file-error.ts'
import { readExactly, type OpenFile } from '../files/open-file.ts'
import { PickleBytes } from './pickle-bytes.ts'
import { readPickle } from './pickle.ts'
import { asKind, type PickleValue } from './pickle-value.ts'
import { described, pickleLimit, type StoragePlace, type TorchContent } from './torch-content.ts'
import { torchPolicy } from './torch-names.ts'
import { storageIdOf, type StorageId, type TorchTensor } from './torch-tensor.ts'

/**
 * Reads the format of PyTorch before 1.6: five pickles (a magic number, a version, the machine, the
 * content, the keys of its storages), then each storage behind its length.
 * @throws LamellaError
 * @source PyTorch, torch/serialization.py (_legacy_save, _legacy_load)
 */
export async function readLegacyTorch(file: OpenFile, signal?: AbortSignal): Promise<TorchContent> {
  const { content, keys, storages, end } = await readPickles(file, signal)
  const said = described(file.label, content)
  const places = await storagePlaces(file, keys, storages, end, said.tensors)
  return { ...said, places }
}

interface Pickles {
  readonly content: PickleValue
  readonly keys: readonly string[]
  readonly storages: ReadonlyMap<string, StorageId>
  /** Byte at which the storages begin. */
  readonly end: number
}

const magicNumber = 0x1950a86a20f9469cfc6cn
const protocolVersion = 1001
const protocolMark = 0x80

/** Where the pickles end is not written anywhere: a longer piece is read as long as they run out. */
async function readPickles(file: OpenFile, signal?: AbortSignal): Promise<Pickles> {
  const most = Math.min(file.size, pickleLimit)
  for (let length = Math.min(most, 1 << 20); ; length = Math.min(most, length * 8)) {
    const piece = new Uint8Array(length)
    await readExactly(file, 0, piece)
    const bytes = new PickleBytes(piece, file.label)
    try {
      return await parsePickles(file, bytes, signal)
    } catch (thrown) {
      if (bytes.ranOut && length < most) continue
      // Protocols 0 and 1 have no mark at the begin; what reads as none of them is no pickle at all.
      const isDamaged = thrown instanceof LamellaError && thrown.code === 'file-invalid'
      if (isDamaged && piece[0] !== protocolMark)
        throw unsupportedFile(
          file.label,
          'is neither a PyTorch file nor safetensors',
          'Where it should be one, take it anew from where it came.'
        )
      throw thrown
    }
  }
}

async function parsePickles(
  { label }: OpenFile,
  bytes: PickleBytes,
  signal?: AbortSignal
): Promise<Pickles> {
  const storages = new Map<string, StorageId>()
  const policy = {
    ...torchPolicy,
    refusalOfId: (id: PickleValue): string | null => {
      const storage = storageIdOf(id)
      const known = storage && storages.get(storage.key)
      if (known && known.byteLength !== storage.byteLength)
        return 'states two lengths of one storage'
      if (storage) storages.set(storage.key, storage)
      return torchPolicy.refusalOfId(id)
    }
  }
  const next = () => readPickle(bytes, policy, signal)
  if ((await next()) !== magicNumber) throw notTorch(label)
  if ((await next()) !== protocolVersion)
    throw unsupportedFile(label, 'is of an unknown version of the format before PyTorch 1.6')
  if (asKind(await next(), 'dict')?.entries.get('little_endian') !== true)
    throw unsupportedFile(label, 'is of a big-endian machine, which is not supported')
  const content = await next()
  const keys = asKind(await next(), 'list')?.items
  if (!keys?.every(key => typeof key === 'string') || new Set(keys).size !== keys.length)
    throw invalidFile(label, 'has no list of its storages')
  return { content, keys, storages, end: bytes.position }
}

function notTorch(label: string): LamellaError {
  return unsupportedFile(
    label,
    'is a pickle, but not one that torch.save wrote',
    'Save the state dict of the model with torch.save or as safetensors.'
  )
}

async function storagePlaces(
  file: OpenFile,
  keys: readonly string[],
  storages: ReadonlyMap<string, StorageId>,
  begin: number,
  tensors: ReadonlyMap<string, TorchTensor>
): Promise<Map<string, StoragePlace>> {
  const { label } = file
  const places = new Map<string, StoragePlace>()
  let position = begin
  for (const key of keys) {
    const storage = storages.get(key)
    if (storage === undefined)
      throw invalidFile(label, `the storage ${quoted(key)} belongs to no tensor`)
    const { byteLength, type, length } = storage
    if (byteLength === undefined)
      throw unsupportedFile(
        label,
        `the storage ${quoted(key)} is of the unknown class ${quoted(type)}`
      )
    if (position + 8 + byteLength > file.size)
      throw invalidFile(label, `the storage ${quoted(key)} goes past the end of the file`)
    const stated = Buffer.alloc(8)
    await readExactly(file, position, stated)
    if (stated.readBigUInt64LE() !== BigInt(length))
      throw invalidFile(
        label,
        `the storage ${quoted(key)} has ${stated.readBigUInt64LE()} elements, not ${length} as its tensors say`
      )
    places.set(key, { offset: position + 8, byteLength, crc32: 0 })
    position += 8 + byteLength
  }
  if (position !== file.size)
    throw invalidFile(
      label,
      `${file.size - position} bytes follow the last storage and belong to none`
    )
  for (const [name, { storage }] of tensors)
    if (!places.has(storage.key))
      throw invalidFile(
        label,
        `tensor ${quoted(name)} has no storage ${quoted(storage.key)} in the file`
      )
  return places
}
