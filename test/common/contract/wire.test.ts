import { describe, expect, it } from 'vitest'
import { decodeMessage, encodeMessage } from '#common/contract/wire.ts'
import { deepest, Json } from '#common/model/json.ts'

describe('the wire format', () => {
  it.each([
    ['float32', Float32Array.of(1.5, -0, Number.NaN, Infinity)],
    ['int32', Int32Array.of(-1, 2 ** 31 - 1)],
    ['float64', Float64Array.of(Math.PI)],
    ['no elements', new Float32Array(0)],
    ['a slice', new Float32Array([0, 1, 2, 3]).subarray(1, 3)]
  ])('keeps a typed array of %s', (_name, array) => {
    // Odd text before it puts the array at an address that is no multiple of its element size.
    expect(decodeMessage(encodeMessage({ odd: 'x', array }))).toEqual({ odd: 'x', array })
  })

  it('keeps plain values and leaves undefined out', () => {
    const message = { a: [1, 'ש', null, true, 1.25, 2 ** 40], b: { c: 'é\u0000' }, d: undefined }
    expect(decodeMessage(encodeMessage(message))).toStrictEqual({ a: message.a, b: message.b })
  })

  it('keeps JSON that is as deep as any that a session may hold', () => {
    let finding: unknown = 'inside'
    for (let i = 0; i < deepest; i++) finding = [finding]
    const message = { result: { content: { findings: [finding] } } }
    expect(Json.safeParse(finding).success).toBe(true)
    expect(decodeMessage(encodeMessage(message))).toEqual(message)
  })

  it.each([
    ['nothing', []],
    ['a map cut short', [0x81]],
    ['an array of 4 billion elements', [0xdd, 0xff, 0xff, 0xff, 0xff]],
    ['a text of 4 GB', [0xdb, 0xff, 0xff, 0xff, 0xff, 0x61]],
    ['a float32 array of 3 bytes', [0xc7, 3, 1, 0, 0, 0]],
    ['bytes after the end', [0xc0, 0xc0]],
    ['the key __proto__', [0x81, 0xa9, ...Buffer.from('__proto__'), 0x80]]
  ])('refuses %s', (_name, bytes) => {
    expect(() => decodeMessage(Uint8Array.from(bytes))).toThrow()
  })
})
