import { crc32 } from 'node:zlib'

/** One stored entry; what is left out is as it should be. */
export interface ZipPart {
  readonly name: string
  readonly data: Uint8Array
  readonly localName?: string
  readonly flags?: number
  readonly localFlags?: number
  readonly method?: number
  readonly crc?: number
  readonly localCrc?: number
  /** The size that the directory states. */
  readonly size?: number
  readonly compressedSize?: number
  readonly headerOffset?: number
  /** Extra field of the directory. */
  readonly extra?: Uint8Array
}

/** What the end of the archive states; what is left out is as it should be. */
export interface ZipEnd {
  readonly count?: number
  readonly directorySize?: number
  readonly directoryOffset?: number
  readonly disk?: number
  readonly comment?: Uint8Array
  /** Writes the ZIP64 records too. */
  readonly zip64?: { readonly at?: bigint; readonly count?: bigint; readonly signature?: number }
}

/** A zip archive of stored entries, right or wrong in any part. */
export function zipFile(parts: readonly ZipPart[], end: ZipEnd = {}): Uint8Array {
  const pieces: Uint8Array[] = []
  let offset = 0
  const add = (piece: Uint8Array): void => {
    pieces.push(piece)
    offset += piece.length
  }
  const offsets = parts.map(part => {
    const begin = offset
    add(localHeader(part))
    add(part.data)
    return begin
  })
  const directory = Buffer.concat(parts.map((part, at) => directoryEntry(part, offsets[at]!)))
  const directoryOffset = offset
  add(directory)
  if (end.zip64) {
    const record = Buffer.alloc(76)
    record.writeUInt32LE(end.zip64.signature ?? 0x06064b50)
    record.writeBigUInt64LE(44n, 4)
    for (const at of [24, 32]) record.writeBigUInt64LE(end.zip64.count ?? BigInt(parts.length), at)
    record.writeBigUInt64LE(BigInt(directory.length), 40)
    record.writeBigUInt64LE(BigInt(directoryOffset), 48)
    record.writeUInt32LE(0x07064b50, 56)
    record.writeBigUInt64LE(end.zip64.at ?? BigInt(offset), 64)
    record.writeUInt32LE(1, 72)
    add(record)
  }
  const tail = Buffer.alloc(22)
  tail.writeUInt32LE(0x06054b50)
  tail.writeUInt16LE(end.disk ?? 0, 4)
  for (const at of [8, 10]) tail.writeUInt16LE(end.count ?? parts.length, at)
  tail.writeUInt32LE(end.directorySize ?? directory.length, 12)
  tail.writeUInt32LE(end.directoryOffset ?? directoryOffset, 16)
  tail.writeUInt16LE(end.comment?.length ?? 0, 20)
  add(tail)
  if (end.comment) add(end.comment)
  return Buffer.concat(pieces)
}

/** A PyTorch file of one pickle and storages by key. */
export function torchZip(
  pickle: Uint8Array,
  storages: Readonly<Record<string, Uint8Array>> = { 0: new Uint8Array(16) }
): Uint8Array {
  return zipFile(torchParts(pickle, storages))
}

export function torchParts(
  pickle: Uint8Array,
  storages: Readonly<Record<string, Uint8Array>> = { 0: new Uint8Array(16) }
): ZipPart[] {
  return [
    { name: 'm/data.pkl', data: pickle },
    { name: 'm/byteorder', data: Buffer.from('little') },
    ...Object.entries(storages).map(([key, data]) => ({ name: `m/data/${key}`, data }))
  ]
}

function localHeader(part: ZipPart): Uint8Array {
  const name = Buffer.from(part.localName ?? part.name)
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50)
  header.writeUInt16LE(part.localFlags ?? part.flags ?? 0, 6)
  header.writeUInt16LE(part.method ?? 0, 8)
  header.writeUInt32LE(part.localCrc ?? part.crc ?? crc32(part.data), 14)
  header.writeUInt32LE(part.data.length, 18)
  header.writeUInt32LE(part.data.length, 22)
  header.writeUInt16LE(name.length, 26)
  return Buffer.concat([header, name])
}

function directoryEntry(part: ZipPart, offset: number): Uint8Array {
  const name = Buffer.from(part.name)
  const extra = part.extra ?? Buffer.alloc(0)
  const header = Buffer.alloc(46)
  header.writeUInt32LE(0x02014b50)
  header.writeUInt16LE(part.flags ?? 0, 8)
  header.writeUInt16LE(part.method ?? 0, 10)
  header.writeUInt32LE(part.crc ?? crc32(part.data), 16)
  header.writeUInt32LE(part.compressedSize ?? part.size ?? part.data.length, 20)
  header.writeUInt32LE(part.size ?? part.data.length, 24)
  header.writeUInt16LE(name.length, 28)
  header.writeUInt16LE(extra.length, 30)
  header.writeUInt32LE(part.headerOffset ?? offset, 42)
  return Buffer.concat([header, name, extra])
}
