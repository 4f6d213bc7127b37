import { crc32 } from 'node:zlib'
import { invalidFile, quoted, unsupportedFile } from '../files/file-error.ts'
import { readExactly, type OpenFile } from '../files/open-file.ts'
import { PickleBytes } from './pickle-bytes.ts'
import { readPickle } from './pickle.ts'
import { described, pickleLimit, type StoragePlace, type TorchContent } from './torch-content.ts'
import { torchPolicy } from './torch-names.ts'
import type { TorchTensor } from './torch-tensor.ts'
import { entryDataOffset, readZipDirectory, type ZipEntry } from './zip-directory.ts'

/**
 * Reads the zip format of PyTorch 1.6 and later: one pickle, and each storage an entry of its own.
 * @throws LamellaError
 * @source PyTorch, torch/serialization.py (_save, _load)
 */
export async function readZipTorch(file: OpenFile, signal?: AbortSignal): Promise<TorchContent> {
  const { label } = file
  const entries = await readZipDirectory(file)
  const pickles = [...entries.keys()].filter(name => /(^|\/)data\.pkl$/.test(name))
  const [pickle] = pickles
  if (pickle === undefined)
    throw invalidFile(label, 'is a zip archive without data.pkl, not a PyTorch file')
  if (pickles.length > 1)
    throw invalidFile(
      label,
      `is ambiguous: it holds ${pickles.slice(0, 3).map(quoted).join(' and ')}`
    )
  const root = pickle.slice(0, -'data.pkl'.length)
  if (entries.has(`${root}constants.pkl`))
    throw unsupportedFile(
      label,
      'is a TorchScript archive, which is not supported',
      'Save the state dict of the model instead: torch.save(model.state_dict(), path).'
    )
  const order = entries.get(`${root}byteorder`)
  if (
    order &&
    Buffer.from(await entryBytes(file, order))
      .toString()
      .trim() !== 'little'
  )
    throw unsupportedFile(label, 'is of a big-endian machine, which is not supported')

  const bytes = new PickleBytes(await entryBytes(file, entries.get(pickle)!), label)
  const content = await readPickle(bytes, torchPolicy, signal)
  if (bytes.position < bytes.bytes.length)
    throw bytes.error(`ends at byte ${bytes.position}, and something follows`)
  const said = described(label, content)
  const places = await storagePlaces(file, entries, `${root}data/`, said.tensors)
  return { ...said, places }
}

async function entryBytes(file: OpenFile, entry: ZipEntry): Promise<Uint8Array> {
  const name = quoted(entry.name)
  if (entry.size > pickleLimit)
    throw unsupportedFile(
      file.label,
      `the zip entry ${name} of ${entry.size} bytes exceeds the 100 MB limit`
    )
  const offset = await entryDataOffset(file, entry)
  const bytes = new Uint8Array(entry.size)
  await readExactly(file, offset, bytes)
  if (entry.crc32 !== 0 && crc32(bytes) !== entry.crc32)
    throw invalidFile(file.label, `the zip entry ${name} is damaged: its checksum does not match`)
  return bytes
}

async function storagePlaces(
  file: OpenFile,
  entries: ReadonlyMap<string, ZipEntry>,
  folder: string,
  tensors: ReadonlyMap<string, TorchTensor>
): Promise<Map<string, StoragePlace>> {
  const places = new Map<string, StoragePlace>()
  for (const [name, { storage }] of tensors) {
    const { key, byteLength } = storage
    const known = places.get(key)
    if (known === undefined) {
      const entry = /^[\w.-]+$/.test(key) ? entries.get(folder + key) : undefined
      if (entry === undefined)
        throw invalidFile(
          file.label,
          `tensor ${quoted(name)} has no storage ${quoted(key)} in the archive`
        )
      const offset = await entryDataOffset(file, entry)
      places.set(key, { offset, byteLength: entry.size, crc32: entry.crc32 })
    }
    const held = places.get(key)!.byteLength
    if (held !== byteLength)
      throw invalidFile(
        file.label,
        `tensor ${quoted(name)} expects ${byteLength} bytes of storage ${quoted(key)}, which has ${held}`
      )
  }
  return places
}
