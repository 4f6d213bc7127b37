import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Client } from '#common/contract/rpc.ts'
import { setClient } from '../../../src/renderer/src/stores/client.ts'
import { usePatterns } from '../../../src/renderer/src/stores/patterns.ts'

const MiB = 2 ** 20
/** Of what was asked for, in turn: `layer.head`. */
let asked: string[]
/** Of one head's pattern. */
let bytesOfOne: number

beforeEach(() => {
  asked = []
  bytesOfOne = 100 * MiB
  setActivePinia(createPinia())
  const call = (_method: string, { hook, index }: { hook: string; index: number }) => {
    asked.push(`${/\d+/.exec(hook)![0]}.${index}`)
    // The system gives pages of memory once they are written: these never are.
    return Promise.resolve({ shape: [1, bytesOfOne / 4], data: new Float32Array(bytesOfOne / 4) })
  }
  setClient({ call } as unknown as Client)
})

/** Asks for patterns one after another, and tells which were computed. */
async function computed(...heads: number[]): Promise<string[]> {
  const before = asked.length
  for (const head of heads) await usePatterns().pattern('run', 0, head)
  return asked.slice(before)
}

describe('the store of patterns', () => {
  it('asks for one once', async () => {
    expect(await computed(0, 0, 1, 0)).toEqual(['0.0', '0.1'])
    await Promise.all([usePatterns().pattern('run', 1, 5), usePatterns().pattern('run', 1, 5)])
    expect(asked.slice(2)).toEqual(['1.5'])
  })

  it('keeps 256 MiB: those used last', async () => {
    expect(await computed(0, 1, 0, 2)).toEqual(['0.0', '0.1', '0.2'])
    // Two fit, of three the one that lay longest is gone.
    expect(await computed(0, 2)).toEqual([])
    expect(await computed(1)).toEqual(['0.1'])
    expect(await computed(2, 1)).toEqual([])
    expect(await computed(0)).toEqual(['0.0'])
  })

  it('counts what leaves it: after many, as many still fit', async () => {
    await computed(...Array.from({ length: 20 }, (_, head) => head))
    expect(await computed(18, 19)).toEqual([])
    bytesOfOne = 64 * MiB
    await computed(20, 21, 22, 23)
    expect(await computed(20, 21, 22, 23)).toEqual([])
    expect(await computed(24)).toEqual(['0.24'])
    expect(await computed(21, 22, 23, 24)).toEqual([])
    expect(await computed(20)).toEqual(['0.20'])
  })

  it('keeps one that alone is larger', async () => {
    await computed(0)
    bytesOfOne = 300 * MiB
    expect(await computed(1, 1)).toEqual(['0.1'])
    bytesOfOne = 100 * MiB
    expect(await computed(2, 2, 0)).toEqual(['0.2', '0.0'])
    expect(await computed(2, 0)).toEqual([])
  })
})
