import { LamellaError } from '#common/model/errors.ts'
import { invalidFile, quoted, unsupportedFile } from '../files/file-error.ts'
import { readExactly, type OpenFile } from '../files/open-file.ts'

/** One entry of a zip archive as its directory states it. */
export interface ZipEntry {
  readonly name: string
  readonly flags: number
  readonly method: number
  readonly crc32: number
  readonly compressedSize: number
  readonly size: number
  /** Byte of the local header in the file. */
  readonly headerOffset: number
  /** Byte before which the entry has to end: the next entry or the directory. */
  readonly limit: number
}

/** The largest directory that is read, in bytes. */
const directoryLimit = 100_000_000
const endLength = 22
const locatorLength = 20
const end64Length = 56

/**
 * The entries of a zip archive, by name. The directory must lie right before the end records and no two
 * entries may overlap, so that every reader sees the same archive.
 * @throws LamellaError `file-invalid` or `unsupported`
 * @source APPNOTE.TXT 6.3.10, PKWARE
 */
export async function readZipDirectory(file: OpenFile): Promise<Map<string, ZipEntry>> {
  const place = await findDirectory(file)
  if (place.size > directoryLimit)
    throw unsupportedFile(
      file.label,
      `a zip directory of ${place.size} bytes exceeds the 100 MB limit`
    )
  const bytes = new Uint8Array(place.size)
  await readExactly(file, place.offset, bytes)
  const entries = readEntries(file.label, bytes, place.count)
  return withLimits(file.label, entries, place.offset)
}

/**
 * Where an entry's bytes begin, after its local header has been found to agree with the directory.
 * @throws LamellaError when it does not, or when the bytes are compressed or encrypted
 */
export async function entryDataOffset(file: OpenFile, entry: ZipEntry): Promise<number> {
  const { label } = file
  const name = quoted(entry.name)
  if (entry.flags & encryptedFlags)
    throw unsupportedFile(label, `the zip entry ${name} is encrypted`)
  if (entry.flags & ~knownFlags)
    throw invalidFile(
      label,
      `the zip entry ${name} has the unknown flags 0x${entry.flags.toString(16)}`
    )
  if (entry.method !== 0)
    throw unsupportedFile(label, `the zip entry ${name} is compressed, which no PyTorch file is`)
  if (entry.size !== entry.compressedSize)
    throw invalidFile(
      label,
      `the zip entry ${name} states two sizes, ${entry.size} and ${entry.compressedSize}`
    )

  const nameBytes = Buffer.from(entry.name)
  const header = Buffer.alloc(30 + nameBytes.length)
  await readExactly(file, entry.headerOffset, header)
  if (header.readUInt32LE(0) !== 0x04034b50)
    throw invalidFile(
      label,
      `the zip entry ${name} has no local header at byte ${entry.headerOffset}`
    )
  const sameName =
    header.readUInt16LE(26) === nameBytes.length && header.subarray(30).equals(nameBytes)
  if (!sameName)
    throw invalidFile(label, `the zip entry ${name} has another name in its local header`)
  const described = (entry.flags & descriptorFlag) !== 0
  const agrees = (at: number, value: number): boolean => {
    const local = header.readUInt32LE(at)
    return local === value || local === 0xffffffff || (described && local === 0)
  }
  const same =
    header.readUInt16LE(6) === entry.flags &&
    header.readUInt16LE(8) === entry.method &&
    agrees(14, entry.crc32) &&
    agrees(18, entry.compressedSize) &&
    agrees(22, entry.size)
  if (!same)
    throw invalidFile(label, `the zip entry ${name} is described differently in its local header`)
  const offset = entry.headerOffset + 30 + nameBytes.length + header.readUInt16LE(28)
  if (offset + entry.size > entry.limit)
    throw invalidFile(label, `the zip entry ${name} runs into what follows it`)
  return offset
}

const encryptedFlags = 0x2041
const descriptorFlag = 0x0008
/** Compression level, data descriptor, UTF-8 names. */
const knownFlags = 0x080e

async function findDirectory(
  file: OpenFile
): Promise<{ offset: number; size: number; count: number }> {
  const { size, label } = file
  const tail = Buffer.alloc(Math.min(size, endLength + 0xffff + locatorLength))
  await readExactly(file, size - tail.length, tail)
  let at = tail.length - endLength
  while (at >= 0 && !(tail.readUInt32LE(at) === 0x06054b50 && isCommentToEnd(tail, at))) at--
  if (at < 0) throw invalidFile(label, 'the end of the zip archive is missing')
  const disks = tail.readUInt32LE(at + 4)
  const stated = {
    count: tail.readUInt16LE(at + 10),
    size: tail.readUInt32LE(at + 12),
    offset: tail.readUInt32LE(at + 16)
  }
  let end = size - tail.length + at
  let place = stated
  if (at >= locatorLength && tail.readUInt32LE(at - locatorLength) === 0x07064b50) {
    end = safeNumber(label, tail.readBigUInt64LE(at - locatorLength + 8))
    if (end + end64Length > size - tail.length + at - locatorLength)
      throw invalidFile(label, 'the ZIP64 end record lies outside the file')
    const record = Buffer.alloc(end64Length)
    await readExactly(file, end, record)
    if (record.readUInt32LE(0) !== 0x06064b50)
      throw invalidFile(label, `there is no ZIP64 end record at byte ${end}`)
    place = {
      count: safeNumber(label, record.readBigUInt64LE(32)),
      size: safeNumber(label, record.readBigUInt64LE(40)),
      offset: safeNumber(label, record.readBigUInt64LE(48))
    }
    const agree =
      (stated.count === 0xffff || stated.count === place.count) &&
      (stated.size === 0xffffffff || stated.size === place.size) &&
      (stated.offset === 0xffffffff || stated.offset === place.offset)
    if (!agree) throw invalidFile(label, 'the two end records of the zip archive differ')
  }
  if (disks !== 0) throw unsupportedFile(label, 'the zip archive is one part of several')
  if (place.offset + place.size !== end)
    throw invalidFile(label, 'the zip directory does not end where the end record begins')
  return place
}

function isCommentToEnd(tail: Buffer, at: number): boolean {
  return at + endLength + tail.readUInt16LE(at + 20) === tail.length
}

function readEntries(label: string, bytes: Uint8Array, count: number): ZipEntry[] {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const entries: ZipEntry[] = []
  let at = 0
  while (at < view.length) {
    if (at + 46 > view.length || view.readUInt32LE(at) !== 0x02014b50)
      throw invalidFile(label, `entry ${entries.length} of the zip directory is damaged`)
    const nameLength = view.readUInt16LE(at + 28)
    const extraLength = view.readUInt16LE(at + 30)
    const next = at + 46 + nameLength + extraLength + view.readUInt16LE(at + 32)
    if (next > view.length)
      throw invalidFile(label, `entry ${entries.length} of the zip directory is damaged`)
    const extra = view.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength)
    const wide = wideValues(label, extra)
    const value = (position: number): number => {
      const stated = view.readUInt32LE(position)
      return stated === 0xffffffff ? wide() : stated
    }
    const size = value(at + 24)
    const compressedSize = value(at + 20)
    entries.push({
      name: view.toString('utf8', at + 46, at + 46 + nameLength),
      flags: view.readUInt16LE(at + 8),
      method: view.readUInt16LE(at + 10),
      crc32: view.readUInt32LE(at + 16),
      compressedSize,
      size,
      headerOffset: value(at + 42),
      limit: 0
    })
    at = next
  }
  if (entries.length !== count)
    throw invalidFile(
      label,
      `the zip directory has ${entries.length} entries, not ${count} as stated`
    )
  return entries
}

/** Gives, one call after another, the 64-bit values of a ZIP64 extra field. */
function wideValues(label: string, extra: Buffer): () => number {
  let at = 0
  let end = 0
  for (let field = 0; field + 4 <= extra.length; field += 4 + extra.readUInt16LE(field + 2)) {
    if (extra.readUInt16LE(field) !== 0x0001) continue
    at = field + 4
    end = Math.min(extra.length, at + extra.readUInt16LE(field + 2))
  }
  return () => {
    if (at + 8 > end) throw invalidFile(label, 'a ZIP64 value of the zip directory is missing')
    at += 8
    return safeNumber(label, extra.readBigUInt64LE(at - 8))
  }
}

function withLimits(
  label: string,
  entries: readonly ZipEntry[],
  directory: number
): Map<string, ZipEntry> {
  const inOrder = [...entries].sort((a, b) => a.headerOffset - b.headerOffset)
  const byName = new Map<string, ZipEntry>()
  inOrder.forEach((entry, place) => {
    const limit = inOrder[place + 1]?.headerOffset ?? directory
    const least = entry.headerOffset + 30 + Buffer.byteLength(entry.name) + entry.compressedSize
    if (least > limit)
      throw invalidFile(label, `the zip entry ${quoted(entry.name)} runs into what follows it`)
    if (byName.has(entry.name))
      throw invalidFile(label, `the zip archive has two entries ${quoted(entry.name)}`)
    byName.set(entry.name, { ...entry, limit })
  })
  return byName
}

function safeNumber(label: string, value: bigint): number {
  if (value <= Number.MAX_SAFE_INTEGER) return Number(value)
  throw new LamellaError('file-invalid', `${label}: a ZIP64 value of ${value} is not below 2^53`)
}
