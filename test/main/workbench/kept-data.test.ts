import { existsSync, mkdirSync, mkdtempSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Workbench } from '../../../src/main/workbench/workbench.ts'
import { cpuSource, shakespeare, startWorkbench, uncancelled } from '../../golden/workbench.ts'

let folder: string
let workbench: Workbench
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lamella-data-'))
  workbench = await startWorkbench({}, folder)
})
afterAll(() => workbench.close())

const info = () => workbench.handlers['data.info']({}, uncancelled())
const clear = () => workbench.handlers['data.clear']({}, uncancelled())

async function values(): Promise<Float32Array> {
  const model = await workbench.handlers['models.open']({ path: shakespeare }, uncancelled())
  const source = cpuSource(model, { text: 'To be, or not to be' })
  const run = await workbench.handlers['runs.start']({ source }, uncancelled())
  const hook = 'blocks.1.hook_resid_post'
  const asked = { runId: run.id, hook, exact: false }
  return (await workbench.handlers['runs.value'](asked, uncancelled())).data
}

describe('what is kept', () => {
  it('is counted, and what is computed again apart from it', async () => {
    await values()
    await workbench.handlers['workspace.save']({ state: { version: 2 } }, uncancelled())
    mkdirSync(join(folder, 'analyses'), { recursive: true })
    writeFileSync(join(folder, 'analyses', 'a.dataset'), Buffer.alloc(1000))
    const model = await workbench.handlers['models.open']({ path: shakespeare }, uncancelled())
    await workbench.handlers['models.hash']({ modelId: model.id }, uncancelled())
    // A user's own beside the cache's.
    writeFileSync(join(folder, 'trace.sqlite.backup'), Buffer.alloc(10))
    const counted = await info()
    expect(counted.folder).toBe(folder)
    const others = ['workspace.json', 'recent.json', 'trace.sqlite.backup'].map(
      name => statSync(join(folder, name)).size
    )
    const kept = others.reduce((sum, size) => sum + size, 0)
    expect(counted.bytes - counted.disposableBytes).toBe(kept)
    expect(counted.disposableBytes).toBeGreaterThan(1000)
  })

  it('is cleared of that, and computed again', async () => {
    const before = await values()
    expect(existsSync(join(folder, 'hashes.json'))).toBe(true)
    await clear()
    expect(existsSync(join(folder, 'hashes.json'))).toBe(false)
    expect(existsSync(join(folder, 'analyses', 'a.dataset'))).toBe(false)
    for (const name of ['workspace.json', 'trace.sqlite.backup'])
      expect(existsSync(join(folder, name))).toBe(true)
    const status = await workbench.handlers['engine.status']({}, uncancelled())
    expect(status.cacheBytes).toBe(0)
    expect(await values()).toEqual(before)
  })
})
