import { decode, encode, ExtensionCodec } from '@msgpack/msgpack'
import { deepest } from '../model/json.ts'

/**
 * A message as MessagePack bytes; typed arrays keep their type.
 * @throws Error when the message holds what MessagePack cannot say, such as a function
 */
export function encodeMessage(message: unknown): Uint8Array<ArrayBuffer> {
  return encode(message, { extensionCodec, ignoreUndefined: true, maxDepth })
}

/** Lists and objects inside one another; what a session keeps of the deepest goes into a message as it is, some levels down. */
export const maxDepth = deepest + 50

/**
 * A message from MessagePack bytes. No length it claims is believed beyond the bytes there are; how deep it is and how much is made of it,
 * `checkMessage` bounds before, where they are a stranger's.
 * @throws Error when the bytes are no MessagePack or hold the key `__proto__`
 */
export function decodeMessage(bytes: ArrayBuffer | Uint8Array): unknown {
  const most = bytes.byteLength
  return decode(bytes, {
    extensionCodec,
    maxStrLength: most,
    maxBinLength: most,
    maxArrayLength: most,
    maxMapLength: most,
    maxExtLength: most
  })
}

/** Extension type → typed array; the elements travel little-endian. */
const typedArrays = [
  { type: 1, array: Float32Array },
  { type: 2, array: Int32Array },
  { type: 3, array: Float64Array }
] as const

const extensionCodec = new ExtensionCodec()
for (const { type, array } of typedArrays)
  extensionCodec.register({
    type,
    encode: value =>
      value instanceof array
        ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
        : null,
    // Copied, because a typed array must begin at a multiple of its element size.
    decode: bytes => new array(bytes.slice().buffer)
  })
