import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { closeFiled, type FiledTensor } from '../../../src/main/files/filed-tensor.ts'
import { openTraceStore } from '../../../src/main/trace/store.ts'
import {
  createSliceMemory,
  inSlices,
  laidOut,
  readInSlices
} from '../../../src/main/trace/sliced-tensor.ts'
import { filed } from './filed.ts'

const half = { shape: [3, 2], data: Float16Array.of(1, 2, 3, 4, 5, 1 / 3) }
const single = { shape: [3, 1], data: Float32Array.of(1, 2, 1 / 3) }

let folder: string
const opened: FiledTensor[] = []
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lamella-sliced-'))
  opened.push(filed(folder, half), filed(folder, single))
})
afterAll(() => {
  opened.forEach(closeFiled)
  rmSync(folder, { recursive: true })
})

describe('a value in slices', () => {
  it('has one, or those of its first axis', () => {
    expect(laidOut([3, 2], 'whole')).toEqual({ count: 1, own: [3, 2] })
    expect(laidOut([3, 2], 'by slice')).toEqual({ count: 3, own: [2] })
    expect(laidOut([], 'by slice')).toEqual({ count: 0, own: [] })
    expect(inSlices(half, 'whole').slice(0)).toEqual(half)
    expect(inSlices(half, 'by slice').slice(1)).toEqual({
      shape: [2],
      data: Float16Array.of(3, 4)
    })
  })

  it('is read from its file a slice at a time, in any order, into memory that is used again', () => {
    const memory = createSliceMemory()
    const slices = readInSlices(opened[0]!, 'by slice', memory)
    const last = slices.slice(2)
    expect(last).toEqual({ shape: [2], data: Float16Array.of(5, 1 / 3) })
    const first = slices.slice(0)
    expect(first).toEqual({ shape: [2], data: Float16Array.of(1, 2) })
    expect(first.data.buffer).toBe(last.data.buffer)
    expect(readInSlices(opened[1]!, 'whole', memory).slice(0)).toEqual(single)
    memory.clear()
    expect(first.data.length).toBe(0)
    expect(slices.slice(1).data).toEqual(Float16Array.of(3, 4))
  })

  it('says when its file has too few bytes', () => {
    const longer = { ...opened[0]!, shape: [4, 2] }
    const slices = readInSlices(longer, 'by slice', createSliceMemory())
    expect(() => slices.slice(3)).toThrow('the value: has 12 bytes, expected 16')
  })

  it.each([
    ['by slice', 0],
    ['whole', 1]
  ] as const)('is stored from its file %s', (layout, place) => {
    const store = openTraceStore(':memory:', 1e6)
    store.put('run', 'hook', readInSlices(opened[place]!, layout, createSliceMemory()), layout)
    const { shape, data } = [half, single][place]!
    expect(store.get('run', 'hook')).toEqual({ shape, data: new Float32Array(data) })
    expect(store.hooks('run')).toEqual([{ hook: 'hook', bytes: 12 }])
    store.close()
  })
})
