import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Engine } from '../../../../src/main/engine/client.ts'
import { createMemoryBudget } from '../../../../src/main/workbench/run/memory-budget.ts'
import { runnable } from '../../../../src/main/workbench/run/runnable.ts'
import { projectRoot, shakespeare, uncancelled, openedModel } from '../../../golden/workbench.ts'

let given = Infinity
const ran: string[] = []
const released: string[] = []
const engine: Partial<Engine> = {
  setBudget: bytes => (given = bytes),
  budget: () => given,
  release: part => {
    released.push(part)
    return Promise.resolve()
  },
  run: (part, _source, _feeds, [wanted]) => {
    ran.push(part)
    return Promise.resolve({
      [wanted!.name]: { type: 'float32', shape: [0], data: new Float32Array() }
    })
  }
}
const budget = await createMemoryBudget(
  engine as Engine,
  join(mkdtempSync(join(tmpdir(), 'lamella-budget-')), 'settings.json'),
  () => undefined
)
const { signal } = uncancelled()
const open = async (path: string) => runnable(await openedModel(path))
const estimate = async (path: string, tokens: number) =>
  budget.estimate(await open(path), 'cpu', tokens, signal)
const setBudget = (memoryBudgetBytes: number | null) =>
  budget.handlers['settings.set']({ memoryBudgetBytes }, uncancelled())

/** Weights of one block of the sample: attention, MLP, biases and norms, in float32. */
const block = 4 * (12 * 128 ** 2 + 13 * 128)
/** Its final norm and its unembedding. */
const ends = 4 * (2 * 128 + 65 * 128)
/** Scores, scores that are masked and pattern: [head, query, key] in float32. */
const matrices = (heads: number, tokens: number) => 3 * 4 * heads * tokens ** 2

describe('the memory that a run is said to take', () => {
  it.each([1, 16, 192])(
    'is of weights, of blocks as they load, and of matrices: %d tokens',
    async n => {
      const of = (loading: number) => ({
        streamed: false,
        memoryBytes: 4 * block + ends + 2 * loading + matrices(4, n),
        seconds: null
      })
      expect(await estimate(shakespeare, n)).toEqual(of(4 * block))
      // All blocks are loaded at once where there is room for the model twice.
      await setBudget(2 * (4 * block + ends) - 1)
      expect(await estimate(shakespeare, n)).toEqual(of(block))
      await setBudget(null)
    }
  )

  it('keeps nothing in the engine that it ran to know how long a block takes', async () => {
    await setBudget(1)
    ran.length = released.length = 0
    await estimate(shakespeare, 3)
    expect(ran.length).toBeGreaterThan(0)
    expect(released).toEqual(ran)
    await setBudget(null)
  })

  it('of a streamed model is of the blocks that stay', async () => {
    const staying = async (bytes: number) => {
      await setBudget(bytes)
      const { streamed, memoryBytes, seconds } = await estimate(shakespeare, 16)
      expect([streamed, seconds]).toEqual([true, expect.any(Number)])
      return (memoryBytes - 2 * block - matrices(4, 16)) / block
    }
    expect(await staying(1)).toBe(1)
    expect(await staying(2 * block - 1)).toBe(1)
    expect(await staying(2 * block)).toBe(2)
    expect(await staying(4 * block + ends - 1)).toBe(4)
    await setBudget(4 * block + ends)
    expect((await estimate(shakespeare, 16)).streamed).toBe(false)
    await setBudget(null)
  })

  it('of an ONNX graph is of its weights and of matrices', async () => {
    const path = join(projectRoot, 'test/golden/onnx-gpt2')
    const bytes = async (tokens: number) => (await estimate(path, tokens)).memoryBytes
    expect((await bytes(32)) - (await bytes(8))).toBe(matrices(4, 32) - matrices(4, 8))
  })
})
