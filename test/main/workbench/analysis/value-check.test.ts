import { closeSync, ftruncateSync, mkdtempSync, openSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { valueCheckOf, type ValueCheck } from '#common/analysis/value-check.ts'
import type { Progress } from '#common/contract/schemas.ts'
import type { Workbench } from '../../../../src/main/workbench/workbench.ts'
import { externalTensor, onnxFile, tensorOf } from '../../../bad/onnx.ts'
import { dict, tensor, whole } from '../../../bad/pickle.ts'
import { soundSafetensors } from '../../../bad/safetensors.ts'
import { folderWithWeights } from '../../../bad/weights.ts'
import { torchZip } from '../../../bad/zip.ts'
import {
  analysed,
  projectRoot,
  shakespeare,
  startWorkbench,
  uncancelled
} from '../../../golden/workbench.ts'
import { outcome } from '../../checkpoint/temporary.ts'

let workbench: Workbench
beforeAll(async () => {
  workbench = await startWorkbench()
})
afterAll(() => workbench.close())

/** Opens what a folder holds and checks its values. */
async function check(path: string, context = uncancelled()): Promise<ValueCheck> {
  const model = await workbench.handlers['models.open']({ path }, uncancelled())
  return valueCheckOf(await analysed(workbench, model, 'value-check', {}, null, context))
}

function folderOf(name: string, file: Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), 'lamella-values-'))
  writeFileSync(join(folder, name), file)
  return folder
}

const bytesOf = (array: { buffer: ArrayBufferLike }) => new Uint8Array(array.buffer)
const floats = (...values: number[]) => bytesOf(Float32Array.from(values))

describe('checking the values of a model', () => {
  it('counts NaN and infinities in every float type, and leaves integers alone', async () => {
    const numbers = [1, NaN, Infinity, -Infinity]
    const tensors = [
      { name: 'double', dtype: 'F64', shape: [4], data: bytesOf(Float64Array.from(numbers)) },
      { name: 'single', dtype: 'F32', shape: [2, 2], data: floats(NaN, NaN, 0, Infinity) },
      { name: 'half', dtype: 'F16', shape: [4], data: bytesOf(Float16Array.from(numbers)) },
      { name: 'brain', dtype: 'BF16', shape: [2], data: bytesOf(Uint16Array.of(0x7f80, 0x7f7f)) },
      { name: 'whole', dtype: 'I32', shape: [1], data: bytesOf(Int32Array.of(0x7fc00000)) },
      { name: 'sound', dtype: 'F32', shape: [3], data: floats(1, 2, 3) },
      { name: 'empty', dtype: 'F32', shape: [0, 7], data: floats() }
    ]
    expect(await check(folderOf('model.safetensors', soundSafetensors(tensors)))).toEqual({
      tensors: 6,
      values: 17,
      notFinite: [
        { name: 'double', nan: 1, infinite: 2 },
        { name: 'single', nan: 2, infinite: 1 },
        { name: 'half', nan: 1, infinite: 2 },
        { name: 'brain', nan: 0, infinite: 1 }
      ]
    })
  })

  it('counts an alias once, under the name it is stored by', async () => {
    const stored = { name: 'wte', dtype: 'F32', shape: [2], data: floats(NaN, 1) }
    const file = soundSafetensors([stored], { 'lm_head.weight': 'wte' })
    expect(await check(folderOf('model.safetensors', file))).toEqual({
      tensors: 1,
      values: 2,
      notFinite: [{ name: 'wte', nan: 1, infinite: 0 }]
    })
  })

  it('reads PyTorch files, with strides and repeats, what two names share once', async () => {
    const transposed = tensor({ shape: [2, 2], strides: [1, 2] })
    const values = {
      plain: tensor(),
      again: tensor(),
      transposed,
      repeated: tensor({ shape: [5], strides: [0] })
    }
    const file = torchZip(whole(dict(values)), { 0: floats(NaN, 2, 3, Infinity) })
    expect(await check(folderOf('m.pth', file))).toEqual({
      tensors: 3,
      values: 13,
      notFinite: [
        { name: 'plain', nan: 1, infinite: 1 },
        { name: 'transposed', nan: 1, infinite: 1 },
        { name: 'repeated', nan: 5, infinite: 0 }
      ]
    })
  })

  it('reads ONNX models: raw, decoded and external elements', async () => {
    const none = new Uint8Array()
    const initializer = [
      tensorOf({ name: 'raw', rawData: floats(NaN, 1, 2, 3) }),
      tensorOf({ name: 'half', dataType: 10, rawData: none, int32Data: [0x7c00, 0x7e00, 0, 1] }),
      externalTensor({ location: 'data' }, { name: 'beside' })
    ]
    const folder = folderOf('model.onnx', onnxFile({ initializer }))
    writeFileSync(join(folder, 'data'), floats(1, 2, 3, -Infinity))
    expect(await check(folder)).toEqual({
      tensors: 3,
      values: 12,
      notFinite: [
        { name: 'raw', nan: 1, infinite: 0 },
        { name: 'half', nan: 1, infinite: 1 },
        { name: 'beside', nan: 0, infinite: 1 }
      ]
    })
  })

  it('finds one NaN in the sample, and none in the sample as it ships', async () => {
    const name = 'transformer.h.2.mlp.c_fc.weight'
    const folder = await folderWithWeights(shakespeare, { [name]: { at: 1000, value: NaN } })
    const found = await check(folder)
    expect(found.notFinite).toEqual([{ name, nan: 1, infinite: 0 }])
    expect(await check(shakespeare)).toEqual({ ...found, notFinite: [] })
    const { tensors } = await workbench.handlers['models.open']({ path: folder }, uncancelled())
    const stored = tensors.filter(({ tiedTo }) => tiedTo === null)
    expect(found.tensors).toBe(stored.length)
    expect(found.values).toBe(stored.reduce((sum, { parameters }) => sum + parameters, 0))
  })

  it('tells how far it is, by tensor', async () => {
    const reports: Progress[] = []
    const context = { ...uncancelled(), progress: (report: Progress) => reports.push(report) }
    const { tensors, values } = await check(join(projectRoot, 'test/golden/gpt2'), context)
    expect([...new Set(reports.map(({ label }) => label))]).toEqual([
      ...Array.from({ length: tensors }, (_, i) => `Reading tensor ${i + 1} of ${tensors}`),
      'Computing the check of values'
    ])
    expect(reports.at(-2)).toMatchObject({ done: values, total: values })
  })

  it('refuses files that changed since they were opened', async () => {
    const file = soundSafetensors([{ name: 'w', dtype: 'F32', shape: [1], data: floats(1) }])
    const folder = folderOf('model.safetensors', file)
    const model = await workbench.handlers['models.open']({ path: folder }, uncancelled())
    utimesSync(join(folder, 'model.safetensors'), 1, 1)
    expect(await outcome(analysed(workbench, model, 'value-check'))).toBe(
      'file-changed: model.safetensors: changed since it was opened'
    )
  })

  it('holds little of a tensor of 20 GB, lets others go on, and ends when it is cancelled', async () => {
    const header = Buffer.from(
      JSON.stringify({ w: { dtype: 'F32', shape: [5, 2 ** 30], data_offsets: [0, 20 * 2 ** 30] } })
    )
    const start = new Uint8Array(8 + header.length)
    new DataView(start.buffer).setBigUint64(0, BigInt(header.length), true)
    start.set(header, 8)
    const folder = folderOf('model.safetensors', start)
    const file = openSync(join(folder, 'model.safetensors'), 'r+')
    ftruncateSync(file, start.length + 20 * 2 ** 30)
    closeSync(file)

    const before = process.memoryUsage().rss
    const controller = new AbortController()
    let reached = 0
    const context = {
      ...uncancelled(controller.signal),
      progress: ({ done }: Progress) => (reached = done)
    }
    const checking = outcome(check(folder, context).catch(() => 'cancelled'))
    let turns = 0
    const timer = setInterval(() => turns++, 1)
    await expect.poll(() => reached).toBeGreaterThan(2 ** 27)
    clearInterval(timer)
    controller.abort()
    const cancelledAt = reached
    expect(await checking).toBe('cancelled')
    // The piece that was being read, and no other.
    expect(reached - cancelledAt).toBeLessThanOrEqual(2 ** 20)
    // Half a gigabyte was read in pieces of 4 MB.
    expect(turns).toBeGreaterThan(30)
    expect(process.memoryUsage().rss - before).toBeLessThan(256 * 2 ** 20)
  })
})
