/** How much one message may say. */
export interface MessageExtent {
  /** Bytes without those of byte arrays. */
  readonly bytes: number
  /** Bytes of it all: byte arrays, such as a drawn figure, are taken as they are. */
  readonly whole: number
  /** Numbers, strings, lists and so on, keys of objects among them. */
  readonly values: number
  /** Lists and objects inside one another. */
  readonly depth: number
}

/** How much a client may say in one message: a text of so many bytes takes a few ms to decode, each value about a microsecond to read and check. */
export const clientMessage = {
  bytes: 4 * 2 ** 20,
  whole: 32 * 2 ** 20,
  values: 2 ** 14,
  depth: 64
} as const satisfies MessageExtent

/** {@link checkMessage} of what a client says. */
export function checkClientMessage(bytes: Uint8Array): void {
  checkMessage(bytes, clientMessage)
}

/**
 * Looks whether a MessagePack message of a stranger stays within what it may say, without making anything of it: this takes
 * no longer than the most that is allowed does.
 * @returns how many values it holds
 * @throws ExtentError saying what is too much of it; RangeError when it ends early
 */
export function checkMessage(bytes: Uint8Array, most: MessageExtent): number {
  if (bytes.byteLength > most.whole)
    throw new ExtentError('whole', `holds ${bytes.byteLength} bytes, the most is ${most.whole}`)
  /** Values still to come, of the message and of each list or object that is open. */
  const toCome = [1]
  let at = 0
  let values = 0
  let taken = 0
  while (toCome.length > 0) {
    if (toCome.at(-1) === 0) {
      toCome.pop()
      continue
    }
    toCome[toCome.length - 1]!--
    if (at >= bytes.byteLength) throw new RangeError('ends early')
    if (++values > most.values) throw new ExtentError('values', `holds over ${most.values} values`)
    const { length, inside } = valueAt(bytes, at)
    if (isBytes(bytes[at]!)) taken += length
    at += length
    if (Math.min(at, bytes.byteLength) - taken > most.bytes)
      throw new ExtentError('bytes', `holds over ${most.bytes} bytes of text and numbers`)
    if (inside === 0) continue
    if (toCome.length > most.depth)
      throw new ExtentError('depth', `is over ${most.depth} lists and objects deep`)
    toCome.push(inside)
  }
  return values
}

/** Whether a value is a byte array. */
function isBytes(type: number): boolean {
  return type >= 0xc4 && type <= 0xc6
}

/** A message says more than it may. */
export class ExtentError extends Error {
  override readonly name = 'ExtentError'
  /** What of it is more. */
  readonly of: keyof MessageExtent

  constructor(of: keyof MessageExtent, message: string) {
    super(message)
    this.of = of
  }
}

/** The bytes of the value at a place, without the values inside it, and how many of those there are. */
function valueAt(bytes: Uint8Array, at: number): { length: number; inside: number } {
  const type = bytes[at]!
  const size = (width: number) => {
    let value = 0
    for (let i = 1; i <= width; i++) value = value * 256 + (bytes[at + i] ?? 0)
    return value
  }
  const holding = (width: number, more: number) => ({ length: 1 + width + more, inside: 0 })
  const listing = (width: number, each: number) => ({
    length: 1 + width,
    inside: each * size(width)
  })
  if (type <= 0x7f || type >= 0xe0) return holding(0, 0)
  if (type <= 0x8f) return { length: 1, inside: 2 * (type & 0x0f) }
  if (type <= 0x9f) return { length: 1, inside: type & 0x0f }
  if (type <= 0xbf) return holding(0, type & 0x1f)
  // In the order of the types: nil to true, binary, extensions, numbers, fixed extensions, strings, lists, objects.
  if (type <= 0xc3) return holding(0, 0)
  if (type <= 0xc6) return holding(2 ** (type - 0xc4), size(2 ** (type - 0xc4)))
  if (type <= 0xc9) return holding(1 + 2 ** (type - 0xc7), size(2 ** (type - 0xc7)))
  if (type <= 0xcb) return holding(0, 4 * 2 ** (type - 0xca))
  if (type <= 0xcf) return holding(0, 2 ** (type - 0xcc))
  if (type <= 0xd3) return holding(0, 2 ** (type - 0xd0))
  if (type <= 0xd8) return holding(0, 1 + 2 ** (type - 0xd4))
  if (type <= 0xdb) return holding(2 ** (type - 0xd9), size(2 ** (type - 0xd9)))
  if (type <= 0xdd) return listing(2 ** (type - 0xdb), 1)
  return listing(2 ** (type - 0xdd), 2)
}
