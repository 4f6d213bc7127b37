import { encode, ExtensionCodec } from '@msgpack/msgpack'
import { describe, expect, it } from 'vitest'
import { checkClientMessage, clientMessage } from '#common/contract/message-extent.ts'
import { encodeMessage } from '#common/contract/wire.ts'

const { bytes, whole, values, depth } = clientMessage
const lists = (count: number) => Array.from({ length: count }, () => [])
const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)])

class Extension {
  readonly bytes: Uint8Array
  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }
}
const extensionCodec = new ExtensionCodec()
extensionCodec.register({
  type: 9,
  encode: value => (value instanceof Extension ? value.bytes : null),
  decode: bytes => new Extension(bytes)
})

describe('what a client may say', () => {
  it.each<[string, unknown]>([
    ['a call', { type: 'call', id: 2 ** 40, method: 'runs.start', params: { a: null, b: true } }],
    ['numbers of all widths', [-1, -100, -1000, -1e5, -1e12, 1, 200, 300, 1e5, 1e12, 0.5, -33]],
    ['texts of all widths', ['', 'x', 'x'.repeat(40), 'x'.repeat(300), 'x'.repeat(70_000)]],
    ['bytes', [new Uint8Array(3), new Uint8Array(300), new Uint8Array(70_000)]],
    ['a drawn figure', { svg: new Uint8Array(2 * bytes) }],
    ['arrays of numbers', [1, 2, 4, 8, 16, 100, 20_000].map(length => new Float64Array(length))],
    ['small arrays', [Float32Array.of(1), Float32Array.of(1, 2), Float32Array.of(1, 2, 3, 4)]],
    ['short lists', lists(15)],
    ['longer lists', lists(16)],
    ['objects', Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`key ${i}`, i]))],
    ['as many values as there may be', lists(values - 1)],
    ['lists as deep as they may be', nested(depth)]
  ])('%s', (_name, message) => {
    expect(() => checkClientMessage(encodeMessage(message))).not.toThrow()
  })

  it('is counted to the last byte', () => {
    const message = encodeMessage({ a: [1.5, 'text', new Float32Array(3)], b: new Uint8Array(20) })
    // What comes after the end is none of it; what is short of it is missed.
    expect(() => checkClientMessage(message.subarray(0, -20))).not.toThrow()
    for (let cut = 1; cut < message.length; cut++) {
      const start = message.subarray(0, cut)
      if (cut < message.length - 21) expect(() => checkClientMessage(start)).toThrow(RangeError)
    }
  })

  it('is of types each of which is counted to its last byte', () => {
    const numbers = [0, -1, 200, -100, 300, -300, 1e5, -1e5, 1e12, -1e12, 0.1, 0.5]
    const texts = [0, 31, 32, 255, 256, 65_536].map(length => 'x'.repeat(length))
    const arrays = [0, 1, 2, 4, 8, 16, 17, 256, 65_536].map(length => new Uint8Array(length))
    const all = [null, true, false, ...numbers, ...texts, ...arrays]
    const messages = [...all, ...arrays.map(bytes => new Extension(bytes))].map(value =>
      encode([value, 0], { extensionCodec, forceFloat32: value === 0.5 })
    )
    const heads = new Set(messages.map(([, head]) => head!).filter(head => head >= 0xc0))
    // All that hold no others: 0xc1 is no type, 0xff stands for the small negative ones.
    const expected = Array.from({ length: 28 }, (_, i) => 0xc0 + i).filter(head => head !== 0xc1)
    expect([...heads].sort((a, b) => a - b)).toEqual([...expected, 0xff])
    for (const message of messages) {
      expect(() => checkClientMessage(message)).not.toThrow()
      // Were a value counted short, what is left of it would do for the one after it.
      const cut = message.subarray(0, -1)
      expect(() => checkClientMessage(cut), String(message[1])).toThrow('ends early')
    }
  })

  it.each<[string, Uint8Array, string]>([
    ['too many values', encodeMessage(lists(values)), 'holds over 16384 values'],
    [
      'too many keys',
      encodeMessage(Object.fromEntries(lists(values / 2).map((_, i) => [`k${i}`, 1]))),
      'holds over 16384 values'
    ],
    ['values too deep', encodeMessage(nested(depth + 1)), 'is over 64 lists and objects deep'],
    ['too much', new Uint8Array(whole + 1), 'holds 33554433 bytes, the most is 33554432'],
    [
      'too much text',
      encodeMessage(['x'.repeat(bytes)]),
      'holds over 4194304 bytes of text and numbers'
    ],
    ['a list of lists of 4 billion', Uint8Array.of(0x91, 0xdd, 255, 255, 255, 255), 'ends early']
  ])('refuses %s', (_name, message, reason) => {
    expect(() => checkClientMessage(message)).toThrow(reason)
  })

  it('is looked at no further than where it is too much', () => {
    for (const byte of [0x91, 0xdd, 0x90, 0x01, 0x82]) {
      const message = new Uint8Array(bytes).fill(byte)
      message.set([0xdd, 0, 255, 255, 255])
      const read = new Set<number>()
      const watched = new Proxy(message, {
        get(target, key) {
          if (/^\d+$/.test(String(key))) read.add(Number(key))
          return Reflect.get(target, key) as unknown
        }
      })
      expect(() => checkClientMessage(watched)).toThrow(/ends early|over/)
      expect(read.size).toBeLessThan(10 * values)
    }
  })
})
