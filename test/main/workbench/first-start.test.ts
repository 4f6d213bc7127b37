import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import type { Workbench } from '../../../src/main/workbench/workbench.ts'
import { cpuSource, shakespeare, startWorkbench, uncancelled } from '../../golden/workbench.ts'

let workbench: Workbench
afterEach(() => workbench.close())

/** A workbench that prepares for windows, and how many readers it started. */
async function prepared(dataFolder = mkdtempSync(join(tmpdir(), 'lamella-first-'))) {
  const readers: unknown[] = []
  workbench = await startWorkbench({}, dataFolder, undefined, {
    onSpawn: reader => readers.push(reader)
  })
  workbench.prepare(true)
  return { readers }
}
const cacheBytes = async () =>
  (await workbench.handlers['engine.status']({}, uncancelled())).cacheBytes
/** Waits until something was cached and no more is. */
async function rest(): Promise<void> {
  let before = 0
  const isAtRest = async () => {
    const now = await cacheBytes()
    const rests = now > 0 && now === before
    before = now
    return rests
  }
  await expect.poll(isAtRest, { interval: 1000 }).toBe(true)
}
const open = () => workbench.handlers['models.open']({ path: shakespeare }, uncancelled())

it('opens and runs the sample before the first window asks for it, which then has both at once', async () => {
  const { readers } = await prepared()
  await rest()
  expect(await workbench.handlers['models.recent']({}, uncancelled())).toEqual([])
  const model = await open()
  expect(readers).toHaveLength(1)
  const source = { ...cpuSource(model, { text: model.sampleText! }), provider: 'auto' as const }
  const run = await workbench.handlers['runs.start']({ source }, uncancelled())
  expect(run).toMatchObject({ complete: true, milliseconds: 0 })
  // Opened again it is read again: its files may be others.
  await open()
  expect(readers).toHaveLength(2)
})

it('leaves the sample where a window has been: it shows what it had', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lamella-later-'))
  writeFileSync(join(folder, 'workspace.json'), '{"version":1}')
  await prepared(folder)
  // About twice what it takes to open and run it.
  await new Promise(resolve => setTimeout(resolve, 1000))
  expect(await cacheBytes()).toBe(0)
})
