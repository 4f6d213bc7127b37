import { expect, it } from 'vitest'
import type { Edit } from '#common/model/edit.ts'
import type { Tensor } from '#common/model/tensor.ts'
import { tokensOfIds } from '../../../../src/main/workbench/model/tokenize.ts'
import { sumOfProducts } from '../../../../src/main/workbench/run/affine.ts'
import { createRecordEdits } from '../../../../src/main/workbench/run/record-edits.ts'
import { runRecord } from '../../../../src/main/workbench/run/run-record.ts'
import { isOnnx, runnable } from '../../../../src/main/workbench/run/runnable.ts'
import { openedModel, shakespeare, uncancelled } from '../../../golden/workbench.ts'

const hook = 'blocks.0.attn.hook_z'

it('what an edit adds is asked for again when it could not be had, and once when it could', async () => {
  const model = runnable(await openedModel(shakespeare))
  if (isOnnx(model)) expect.fail('an ONNX model')
  const edits: Edit[] = [{ hook, at: {}, scale: 0, add: 'mean' }]
  const record = runRecord(
    model,
    { input: { ids: [1, 2] }, edits, provider: 'cpu' },
    await tokensOfIds(model, [1, 2])
  )
  const asked: string[] = []
  const value: Tensor = { shape: [2, 4, 32], data: new Float32Array(256).fill(3) }
  const { affineAt } = createRecordEdits((of, name) => {
    asked.push(`${of.run.source.edits.length} ${name}`)
    return asked.length === 1
      ? Promise.reject(new Error('the engine died'))
      : Promise.resolve(value)
  })
  await expect(affineAt(record, hook, uncancelled())).rejects.toThrow('the engine died')
  expect((await affineAt(record, hook, uncancelled()))?.add.data).toEqual(
    new Float32Array(128).fill(3)
  )
  await affineAt(record, hook, uncancelled())
  // Of the run without edits.
  expect(asked).toEqual([`0 ${hook}`, `0 ${hook}`])
})

it('what edits come to is kept for equal runs, and by bytes: of large ones the last few', async () => {
  const model = runnable(await openedModel(shakespeare))
  if (isOnnx(model)) expect.fail('an ONNX model')
  const scores = 'blocks.0.attn.hook_attn_scores'
  const from = { input: { ids: Array<number>(512).fill(9) }, edits: [] }
  const add = { from, hook: scores, times: 1 }
  const edits: Edit[] = [{ hook: scores, at: {}, scale: 1, add }]
  const recordOf = async (id: number) => {
    const ids = Array<number>(512).fill(id)
    const source = { input: { ids }, edits, provider: 'cpu' as const }
    return runRecord(model, source, await tokensOfIds(model, ids))
  }
  let asked = 0
  const { affineAt } = createRecordEdits(() => {
    asked++
    return Promise.resolve({ shape: [4, 512, 512], data: new Float32Array(4 * 512 * 512) })
  })
  const ask = async (id: number) => affineAt(await recordOf(id), scores, uncancelled())
  expect(await ask(0)).toBe(await ask(0))
  expect(asked).toBe(1)
  for (let id = 1; id < 6; id++) await ask(id)
  expect(asked).toBe(6)
  await ask(5)
  expect(asked).toBe(6)
  await ask(0)
  expect(asked).toBe(7)
})

it('what edits come to is kept of thousands of runs, not of all, however little it is', async () => {
  const model = runnable(await openedModel(shakespeare))
  if (isOnnx(model)) expect.fail('an ONNX model')
  const edits: Edit[] = [{ hook, at: {}, scale: 0, add: 'mean' }]
  const [token] = await tokensOfIds(model, [0])
  let asked = 0
  const { affineAt } = createRecordEdits(() => {
    asked++
    return Promise.resolve({ shape: [2, 4, 1], data: new Float32Array(8) })
  })
  const ask = (number: number) => {
    const digits = [...number.toString(2)].map(digit => ({ ...token!, id: Number(digit) }))
    const source = { input: { ids: [] }, edits, provider: 'cpu' as const }
    return affineAt(runRecord(model, source, digits), hook, uncancelled())
  }
  for (let number = 0; number < 10_000; number++) await ask(number)
  await ask(6_000)
  expect(asked).toBe(10_000)
  await ask(0)
  expect(asked).toBe(10_001)
})

it('what an edit adds is asked for under the signal of who asks', async () => {
  const model = runnable(await openedModel(shakespeare))
  if (isOnnx(model)) expect.fail('an ONNX model')
  const edits: Edit[] = [{ hook, at: {}, scale: 0, add: 'mean' }]
  const source = { input: { ids: [1, 2] }, edits, provider: 'cpu' as const }
  const controller = new AbortController()
  const signals: AbortSignal[] = []
  const { affineAt } = createRecordEdits((_record, _hook, { signal }) => {
    signals.push(signal)
    return Promise.reject(new Error('given up'))
  })
  const record = runRecord(model, source, await tokensOfIds(model, [1, 2]))
  await expect(affineAt(record, hook, uncancelled(controller.signal))).rejects.toThrow('given up')
  expect(signals).toEqual([controller.signal])
})

it('a gradient by scale counts no cell of scores that its query does not see', () => {
  const axes = [
    { name: 'head', choice: 'head', length: 2 },
    { name: 'query', choice: 'query', length: 4 },
    { name: 'key', choice: 'key', length: 4 }
  ] as const
  const scores = 'blocks.0.attn.hook_attn_scores'
  const place = { hook: scores, axes, visibility: { causal: true, reach: 1 } }
  const edit: Edit = { hook: scores, at: { head: [1] }, scale: 0.5, add: null }
  const shape = [2, 4, 4]
  const seen = (i: number) => [0, 1].includes((Math.floor(i / 4) % 4) - (i % 4))
  const a = { shape, data: Float32Array.from({ length: 32 }, (_, i) => (seen(i) ? i : -Infinity)) }
  const b = { shape, data: new Float32Array(32).fill(2) }
  const cells = Array.from({ length: 16 }, (_, i) => i + 16).filter(seen)
  expect(sumOfProducts(edit, place, a, b)).toBe(2 * cells.reduce((sum, i) => sum + i, 0))
})

it('the gradient by the scale of one of several edits is what flows on through those after it', async () => {
  const model = runnable(await openedModel(shakespeare))
  if (isOnnx(model)) expect.fail('an ONNX model')
  const edits: Edit[] = [2, 3, 5].map(scale => ({ hook, at: {}, scale, add: 1 }))
  const ids = [1, 2]
  const source = { input: { ids }, edits, provider: 'cpu' as const }
  const record = runRecord(model, source, await tokensOfIds(model, ids))
  const filled = (value: number) => ({
    shape: [2, 4, 32],
    data: new Float32Array(256).fill(value)
  })
  const of = createRecordEdits(() => Promise.reject(new Error('none is asked for')))
  const gradients = [0, 1, 2].map(place =>
    of.scaleGradient(record, place, filled(7), filled(11), uncancelled())
  )
  // Of 5 · (3 · (2 · 7 + 1) + 1) + 1.
  expect(await Promise.all(gradients)).toEqual([
    256 * 11 * 5 * 3 * 7,
    256 * 11 * 5 * (2 * 7 + 1),
    256 * 11 * (3 * (2 * 7 + 1) + 1)
  ])
})
