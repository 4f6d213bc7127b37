import { cpSync, mkdtempSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Workbench } from '../../../../src/main/workbench/workbench.ts'
import { cpuSource, shakespeare, startWorkbench, uncancelled } from '../../../golden/workbench.ts'

let workbench: Workbench
beforeEach(async () => {
  workbench = await startWorkbench()
})
afterEach(() => workbench.close())

/** A copy of the sample, written at a whole second, which can be set again exactly. */
function copyOfSample(): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'lamella-other-weights-')), 'model')
  cpSync(shakespeare, folder, { recursive: true })
  utimesSync(join(folder, 'model.safetensors'), 1000, 1000)
  return folder
}

/** Writes other weights over a model's, of the same header, size and time. */
function rewrite(folder: string): void {
  const path = join(folder, 'model.safetensors')
  const { size } = statSync(path)
  const bytes = readFileSync(path)
  const start = 8 + Number(bytes.readBigUInt64LE())
  const weights = new Float32Array(
    bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + size)
  )
  bytes.set(new Uint8Array(weights.map(weight => weight * 1.5).buffer), start)
  writeFileSync(path, bytes, { flag: 'r+' })
  utimesSync(path, 1000, 1000)
}

async function start(path: string, of = workbench, progress = () => undefined as void) {
  const model = await of.handlers['models.open']({ path }, uncancelled())
  const source = cpuSource(model, { ids: [1, 2, 3, 4] })
  const { id: runId } = await of.handlers['runs.start']({ source }, { ...uncancelled(), progress })
  return { model, runId }
}

async function logits(runId: string, of = workbench): Promise<Float32Array> {
  const params = { runId, hook: 'logits', exact: true }
  return (await of.handlers['runs.value'](params, uncancelled())).data
}

/** What a workbench of its own, with nothing kept, computes. */
async function logitsAnew(path: string): Promise<Float32Array> {
  const other = await startWorkbench()
  try {
    return await logits((await start(path, other)).runId, other)
  } finally {
    await other.close()
  }
}

describe('weights that only differ in their numbers', () => {
  it('in another folder of the same names, sizes and times are another model', async () => {
    const [one, other] = [copyOfSample(), copyOfSample()]
    rewrite(other)
    const [a, b] = [await start(one), await start(other)]
    expect(a.model.fingerprint).not.toBe(b.model.fingerprint)
    const [first, second] = [await logits(a.runId), await logits(b.runId)]
    expect(first).not.toEqual(second)
    expect(second).toEqual(await logitsAnew(other))
  })

  it('written in the middle of a run end it by name, and are mixed with nothing', async () => {
    const folder = copyOfSample()
    let reports = 0
    const running = start(folder, workbench, () => {
      if (reports++ === 0) rewrite(folder)
    })
    await expect(running).rejects.toMatchObject({
      code: 'file-changed',
      message: 'model.safetensors: changed since it was opened'
    })
    expect(reports).toBeGreaterThan(0)
    const again = await start(folder)
    expect(await logits(again.runId)).toEqual(await logitsAnew(folder))
    expect(await logits(again.runId)).not.toEqual(await logitsAnew(copyOfSample()))
  })

  it('are not what it is told how long a run would take of', async () => {
    const folder = copyOfSample()
    const { id: modelId } = await workbench.handlers['models.open']({ path: folder }, uncancelled())
    const estimate = () =>
      workbench.handlers['runs.estimate']({ modelId, tokens: 4, provider: 'cpu' }, uncancelled())
    expect(await estimate()).toMatchObject({ streamed: false })
    rewrite(folder)
    await expect(estimate()).rejects.toMatchObject({ code: 'file-changed' })
  })
})
