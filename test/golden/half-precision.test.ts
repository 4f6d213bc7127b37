import { cpSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DType } from '#common/model/tensor.ts'
import { openCheckpoint } from '../../src/main/checkpoint/checkpoint.ts'
import { readFloat32 } from '../../src/main/checkpoint/read.ts'
import { only } from '../../src/main/workbench/run/chunks.ts'
import { blocksPart } from '../../src/main/workbench/run/parts.ts'
import type { RunnableModel } from '../../src/main/workbench/model/model.ts'
import type { Workbench } from '../../src/main/workbench/workbench.ts'
import { soundSafetensors } from '../bad/safetensors.ts'
import { expectClose } from './compare.ts'
import {
  cpuSource,
  modelIn,
  openedModel,
  projectRoot,
  sharedWorkbench,
  startWorkbench,
  uncancelled
} from './workbench.ts'

let workbench: Workbench
/** It has no room to cast weights once: they are cast as blocks run. */
let small: Workbench
beforeAll(async () => {
  workbench = await sharedWorkbench()
  small = await startWorkbench()
  await small.handlers['settings.set']({ memoryBudgetBytes: 1 }, uncancelled())
})
afterAll(() => small.close())

/** Both halves of a number's way: to its bytes, and to the float32 that these are. */
const halves = {
  F16: (values: Float32Array) => {
    const half = Float16Array.from(values)
    return { bytes: new Uint8Array(half.buffer), rounded: Float32Array.from(half) }
  },
  BF16: (values: Float32Array) => {
    const high = Uint16Array.from(new Uint32Array(values.slice().buffer), bits => bits >>> 16)
    const rounded = new Float32Array(Uint32Array.from(high, bits => bits << 16).buffer)
    return { bytes: new Uint8Array(high.buffer), rounded }
  }
} satisfies Partial<Record<DType, unknown>>

const outputs = [
  'blocks.0.attn.hook_pattern',
  'blocks.1.hook_resid_post',
  'blocks.1.mlp.hook_post',
  'logits'
]

async function valuesOf(folder: string, within: Workbench): Promise<Float32Array[]> {
  const { handlers } = within
  const model = await modelIn(within, folder)
  const input = { ids: [3, 1, 4, 1, 5, 9, 2, 6] }
  const params = { source: cpuSource(model, input) }
  const { id: runId } = await handlers['runs.start'](params, uncancelled())
  const read = async (hook: string) =>
    (await handlers['runs.value']({ runId, hook, exact: true }, uncancelled())).data
  return Promise.all(outputs.map(read))
}

async function continued(folder: string, cache: boolean): Promise<number[]> {
  const { handlers } = workbench
  const model = await modelIn(workbench, folder)
  const source = cpuSource(model, { ids: [3, 1, 4, 1, 5, 9, 2, 6] })
  const asked = { source, max: 12, sampling: null, top: 0, stop: true, cache }
  const { continuation } = await handlers['runs.generate'](asked, uncancelled())
  return continuation.map(({ token }) => token.id)
}

/** A golden model's folder with other bytes for its weights. */
async function writeFolder(
  name: string,
  dtype: DType,
  bytesOf: (values: Float32Array) => Uint8Array
): Promise<string> {
  const source = join(projectRoot, 'test/golden', name)
  const folder = join(mkdtempSync(join(tmpdir(), 'lamella-half-')), `${name}-${dtype}`)
  cpSync(source, folder, { recursive: true })
  const { tensors } = await openCheckpoint(source)
  const written = await Promise.all(
    [...tensors.values()].map(async entry => ({
      name: entry.name,
      dtype,
      shape: entry.shape,
      data: bytesOf(await readFloat32(entry))
    }))
  )
  writeFileSync(join(folder, 'model.safetensors'), soundSafetensors(written))
  return folder
}

describe.each(['F16', 'BF16'] as const)('weights in %s', dtype => {
  it.each(['gpt2', 'llama', 'gemma', 'gpt_neox', 'bert'])(
    'of %s give what the same numbers in float32 give, cast once and as blocks run',
    async name => {
      const half = await writeFolder(name, dtype, values => halves[dtype](values).bytes)
      const whole = await writeFolder(
        name,
        'F32',
        values => new Uint8Array(halves[dtype](values).rounded.buffer)
      )
      const model = (await openedModel(half)) as RunnableModel
      const twin = (await openedModel(whole)) as RunnableModel
      const source = await blocksPart(model, 'cpu', only(0)).source()
      const twinSource = await blocksPart(twin, 'cpu', only(0)).source()
      expect(source.inFloat32!.residentBytes).toBe(twinSource.residentBytes)
      expect(twinSource).not.toHaveProperty('inFloat32')
      expect(2 * source.residentBytes).toBe(twinSource.residentBytes)

      const expected = await valuesOf(whole, workbench)
      for (const within of [workbench, small]) {
        const actual = await valuesOf(half, within)
        outputs.forEach((hook, i) => expectClose(actual[i]!, expected[i]!, 1e-4, hook))
      }
      if (name === 'bert') return
      expect(await continued(half, true)).toEqual(await continued(whole, false))
    }
  )
})
