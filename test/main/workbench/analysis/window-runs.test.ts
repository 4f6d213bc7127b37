import { expect, it } from 'vitest'
import { nothing, type Needs, type Taken } from '#common/analysis/analysis.ts'
import type { Tensor } from '#common/model/tensor.ts'
import type { RunValues } from '../../../../src/main/workbench/run/run-values.ts'
import {
  createWindowRuns,
  type Computing,
  type WindowRun
} from '../../../../src/main/workbench/analysis/window-runs.ts'
import { uncancelled } from '../../../golden/workbench.ts'

/** What is asked of the unembedding, and what is taken, for a text of 100 tokens. */
async function logitsOf(logits: Needs['logits'], unembedded: string[] = []) {
  const asked: number[][] = []
  const besides: Tensor[][] = []
  const taken: Taken[] = []
  const computing = {
    forward: {
      value: (_record: unknown, hook: string) =>
        Promise.resolve({ shape: [1], data: Float32Array.of(unembedded.indexOf(hook)) }),
      logits(_record: unknown, positions: readonly number[], _: unknown, beside: Tensor[]) {
        asked.push([...positions])
        besides.push(beside)
        return Promise.resolve({
          shape: [positions.length, 1],
          data: Float32Array.from(positions)
        })
      }
    }
  } as unknown as Computing
  // Of so many numbers 32 rows are held at once.
  const info = { config: { dVocab: 2 ** 17 } }
  const record = { run: { tokens: Array.from({ length: 100 }), id: 'run' }, model: { info } }
  const run = { record, needs: { ...nothing, logits, unembedded } } as unknown as WindowRun
  const runs = createWindowRuns({} as RunValues, computing, () => computing)
  const take = (each: Taken) => Promise.resolve(void taken.push(each))
  await runs.kept([run], take, uncancelled())
  return { asked, besides, taken }
}

it('logits of positions that are named come of one run of the unembedding, in their order', async () => {
  const { asked, taken } = await logitsOf([9, 3, 50])
  expect(asked).toEqual([[9, 3, 50]])
  expect(taken).toEqual([
    { kind: 'logits', positions: [9, 3, 50], data: Float32Array.of(9, 3, 50) }
  ])
})

it('logits of every position come some at a time', async () => {
  const { asked } = await logitsOf('every')
  expect(asked.map(positions => positions.length)).toEqual([32, 32, 32, 4])
  expect(asked.flat()).toEqual(Array.from({ length: 100 }, (_, position) => position))
})

it('values that go through the way out do so with the logits, of as few positions as have all of their rows held', async () => {
  const hooks = Array.from({ length: 12 }, (_, layer) => `blocks.${layer}.hook_resid_pre`)
  const { asked, besides, taken } = await logitsOf('every', hooks)
  // 13 rows of each: 26 of 32.
  expect(asked).toHaveLength(50)
  expect(asked.flat()).toEqual(Array.from({ length: 100 }, (_, position) => position))
  for (const beside of besides) expect(beside.map(({ data }) => data[0])).toEqual([...hooks.keys()])
  expect(taken.map(one => one.kind === 'logits' && one.positions)).toEqual(asked)
})

it('where there are more values than rows are held each position comes by itself', async () => {
  const hooks = Array.from({ length: 40 }, (_, layer) => `blocks.${layer}.hook_resid_pre`)
  expect((await logitsOf([3, 7], hooks)).asked).toEqual([[3], [7]])
})

it('a position that the text has not is refused', async () => {
  await expect(logitsOf([3, 100])).rejects.toThrow(/^position/)
})
