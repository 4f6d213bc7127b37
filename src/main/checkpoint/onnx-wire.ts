import { cancelled } from '#common/model/errors.ts'
import { invalidFile, unsupportedFile } from '../files/file-error.ts'
import { readExactly, type OpenFile } from '../files/open-file.ts'

/** Bytes of a file, `end` exclusive. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/** One field of a protobuf message, its content unread. */
export interface WireField {
  readonly number: number
  /** 0 varint, 1 eight bytes, 2 bytes with a length, 5 four bytes. */
  readonly wire: number
  /** The field with its tag and length. */
  readonly whole: ByteRange
  readonly content: ByteRange
  /** Of a varint, as a signed 64-bit integer; 0 otherwise. */
  readonly value: bigint
}

/** Protobuf messages in a file, read a window at a time. */
export interface WireReader {
  /**
   * The fields of one message, in order; contents that nobody asks for are skipped unread.
   * @throws LamellaError `file-invalid` for bytes that are no field, or a field that leaves its message
   */
  fields(message: ByteRange): AsyncGenerator<WireField>
  /** A copy of some bytes. */
  bytes(range: ByteRange): Promise<Uint8Array<ArrayBuffer>>
  /** @throws LamellaError when it is no UTF-8 or longer than any name is */
  text(range: ByteRange): Promise<string>
}

/** Far more than any real model has outside its nodes. */
const fieldLimit = 1_000_000
const textLimit = 1 << 20
const windowBytes = 64 << 10
/** A tag and a length of ten bytes each. */
const headBytes = 20

export function wireReader(file: OpenFile, signal?: AbortSignal): WireReader {
  let window = new Uint8Array(0)
  let windowStart = 0
  let fieldsLeft = fieldLimit

  /** Some bytes, valid until the next call. */
  async function view(start: number, length: number): Promise<Uint8Array> {
    if (start < windowStart || start + length > windowStart + window.length) {
      if (signal?.aborted) throw cancelled()
      const next = new Uint8Array(Math.min(Math.max(length, windowBytes), file.size - start))
      await readExactly(file, start, next)
      window = next
      windowStart = start
    }
    return window.subarray(start - windowStart, start - windowStart + length)
  }

  async function field(at: number, end: number): Promise<WireField> {
    const head = await view(at, Math.min(headBytes, end - at))
    const tag = varint(head, 0)
    const wire = tag === null ? 7 : Number(tag.value & 7n)
    const number = tag === null ? 0 : Number(tag.value >> 3n)
    if (tag === null || ![0, 1, 2, 5].includes(wire) || number < 1 || number >= 2 ** 29)
      throw invalidFile(
        file.label,
        `is not an ONNX model, or is damaged: no field begins at byte ${at}`
      )
    const start = at + tag.next
    const made = (from: number, to: number, value = 0n): WireField => {
      if (to > end)
        throw invalidFile(
          file.label,
          `is truncated or damaged: the field at byte ${at} goes to byte ${to}, past byte ${end} where its message ends`
        )
      const content = { start: from, end: to }
      return {
        number,
        wire,
        whole: { start: at, end: to },
        content,
        value: BigInt.asIntN(64, value)
      }
    }
    if (wire === 1) return made(start, start + 8)
    if (wire === 5) return made(start, start + 4)
    const size = varint(head, tag.next)
    if (size === null)
      throw invalidFile(file.label, `is truncated or damaged: the field at byte ${at} has no end`)
    if (wire === 0) return made(start, at + size.next, size.value)
    return made(at + size.next, at + size.next + Number(size.value))
  }

  return {
    async *fields({ start, end }) {
      for (let at = start; at < end;) {
        if (--fieldsLeft < 0)
          throw unsupportedFile(file.label, `its graph has more than ${fieldLimit} fields`)
        const found = await field(at, end)
        at = found.whole.end
        yield found
      }
    },
    bytes: async ({ start, end }) => (await view(start, end - start)).slice(),
    async text({ start, end }) {
      if (end - start > textLimit)
        throw invalidFile(file.label, `the text at byte ${start} is ${end - start} bytes long`)
      try {
        return decoder.decode(await view(start, end - start))
      } catch {
        throw invalidFile(file.label, `the text at byte ${start} is not UTF-8`)
      }
    }
  }
}

/** The integers of a repeated field: packed, or one of them. */
export async function readVarints(reader: WireReader, field: WireField): Promise<bigint[] | null> {
  if (field.wire === 0) return [field.value]
  if (field.wire !== 2) return null
  const bytes = await reader.bytes(field.content)
  const values: bigint[] = []
  for (let at = 0; at < bytes.length;) {
    const next = varint(bytes, at)
    if (next === null) return null
    values.push(BigInt.asIntN(64, next.value))
    at = next.next
  }
  return values
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The unsigned integer at a place and where it ends; null when it does not end. */
function varint(bytes: Uint8Array, at: number): { value: bigint; next: number } | null {
  let low = 0
  for (let i = 0; i < 10 && at + i < bytes.length; i++) {
    const byte = bytes[at + i]!
    // Up to 49 bits a double holds exactly.
    if (i < 7) {
      low += (byte & 0x7f) * 2 ** (7 * i)
      if (byte < 0x80) return { value: BigInt(low), next: at + i + 1 }
    } else {
      let value = BigInt(low)
      for (let j = 7; j <= i; j++) value |= BigInt(bytes[at + j]! & 0x7f) << BigInt(7 * j)
      if (byte < 0x80) return { value: BigInt.asUintN(64, value), next: at + i + 1 }
    }
  }
  return null
}
