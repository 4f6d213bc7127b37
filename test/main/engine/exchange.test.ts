import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { createExchange, type Exchange } from '../../../src/main/engine/exchange.ts'
import type { EngineFeed } from '../../../src/main/engine/protocol.ts'

let folder: string
let one: Exchange
let other: Exchange
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'lamella-exchange-')), 'exchange')
  one = createExchange(folder)
  other = createExchange(folder)
  one.open()
})

const count = 20_000
const fill = (_: unknown, i: number) => (i % 200) - 100
const tensors: Record<EngineFeed['type'], EngineFeed> = {
  float32: {
    type: 'float32',
    shape: [2, count / 2],
    data: Float32Array.from({ length: count }, fill)
  },
  float16: { type: 'float16', shape: [count], data: Float16Array.from({ length: count }, fill) },
  int64: {
    type: 'int64',
    shape: [count],
    data: BigInt64Array.from({ length: count }, (_, i) => BigInt(fill(_, i)))
  },
  int32: { type: 'int32', shape: [count], data: Int32Array.from({ length: count }, fill) },
  bool: { type: 'bool', shape: [count], data: Uint8Array.from({ length: count }, (_, i) => i % 2) }
}

describe('the exchange', () => {
  it.each(Object.values(tensors))('hands over a large tensor of $type, once', tensor => {
    const crossing = one.send(tensor)
    expect(crossing).not.toHaveProperty('data')
    expect(other.receive(crossing)).toEqual(tensor)
    expect(readdirSync(folder)).toEqual([])
    expect(() => other.receive(crossing)).toThrow('ENOENT')
  })

  it('hands over the part of a buffer that a tensor is', () => {
    const whole = Float32Array.from({ length: 2 * count }, fill)
    const part = { type: 'float32' as const, shape: [count], data: whole.subarray(7, count + 7) }
    expect(other.receive(one.send(part)).data).toEqual(whole.slice(7, count + 7))
  })

  it.each([4096, 4097, 5000, 10_000, 20_000])('hands over exactly %i numbers', length => {
    const tensor = {
      type: 'float32' as const,
      shape: [length],
      data: Float32Array.from({ length }, fill)
    }
    expect(other.receive(one.send(tensor))).toEqual(tensor)
  })

  it('leaves small tensors in the message', () => {
    const small = { type: 'float32' as const, shape: [2], data: Float32Array.of(1, 2) }
    expect(one.send(small)).toBe(small)
    expect(other.receive(small)).toBe(small)
    expect(readdirSync(folder)).toEqual([])
  })

  it('leaves a tensor in the message when its file cannot be written', () => {
    rmSync(folder, { recursive: true })
    expect(one.send(tensors.float32)).toBe(tensors.float32)
  })

  it('reads nothing outside its folder', () => {
    const { data, ...described } = tensors.float32
    expect(data).toHaveLength(count)
    expect(() => one.receive({ ...described, file: '../../etc/passwd' })).toThrow(
      join(folder, 'passwd')
    )
  })

  it('is nobody else’s to read, and leaves nothing behind', () => {
    if (process.platform !== 'win32') expect(statSync(folder).mode & 0o777).toBe(0o700)
    one.send(tensors.float32)
    one.open()
    expect(readdirSync(folder)).toEqual([])
    one.send(tensors.float32)
    one.close()
    expect(existsSync(folder)).toBe(false)
  })
})
