/**
 * What many runs leave behind in the workbench's process: runs of short texts one after the other, some edited, each looked
 * at, by windows of which each opens the model and closes it. Tells the heap, what lies outside of it, and the process's
 * memory after garbage was collected. The heap is small, so that what grows ends the program.
 *
 *     npm run bench:growth -- [--runs 10000] [--of-window 500]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Edit } from '#common/model/edit.ts'
import { startBenchWorkbench } from './bench-workbench.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10000' },
    'of-window': { type: 'string', default: '500' }
  }
})
const runs = Number(values.runs)
const ofWindow = Number(values['of-window'])
const path = join(import.meta.dirname, '../resources/samples/shakespeare-char')
const ablated: Edit = { hook: 'blocks.1.attn.hook_z', at: { head: [2] }, scale: 0, add: null }
const shifted: Edit = { hook: 'blocks.0.mlp.hook_post', at: {}, scale: 1, add: 'mean' }

const dataFolder = mkdtempSync(join(tmpdir(), 'lamella-growth-'))
try {
  await bench()
} finally {
  rmSync(dataFolder, { recursive: true })
}

async function bench(): Promise<void> {
  const workbench = await startBenchWorkbench(dataFolder)
  const { handlers } = workbench
  // A window that stays, so that the model stays open beneath those that come and go.
  const staying = 'the window that stays'
  const { id: modelId, fingerprint } = await handlers['models.open']({ path }, callOf(staying))
  const told = new Set([100, 1_000, 2_000, 5_000, 10_000, runs])

  for (let run = 1; run <= runs; run++) {
    const window = Math.floor((run - 1) / ofWindow)
    const context = () => callOf(run % 2 === 0 ? staying : `window ${window}`)
    if (run % ofWindow === 1) await handlers['models.open']({ path }, callOf(`window ${window}`))
    const edits = [[], [ablated], [], [shifted]][run % 4]!
    const input = { text: textOf(run) }
    const source = { model: { path, fingerprint }, input, edits, provider: 'cpu' as const }
    const { id: runId } = await handlers['runs.start']({ source }, context())
    const hook = 'blocks.2.attn.hook_pattern'
    await handlers['runs.value']({ runId, hook, exact: false, index: 0 }, context())
    if (run % ofWindow === 0)
      await handlers['models.close']({ modelId }, callOf(`window ${window}`))
    if (told.has(run)) await tell(run)
  }
  await workbench.close()
}

/** A call over a signal of its own, as each message of a window is. */
function callOf(client: string) {
  return { client, signal: new AbortController().signal, progress: () => undefined }
}

/** A text for each number, of some hundred tokens. */
function textOf(run: number): string {
  const letters = 'abcdefghij'
  const word = [...String(run)].map(digit => letters[Number(digit)]).join('')
  return `Run ${word}`.padEnd(100, ' and on it goes')
}

async function tell(run: number): Promise<void> {
  // What is finalized in one collection is let go in the next.
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.()
    await new Promise(resolve => setImmediate(resolve))
  }
  const { heapUsed, external, arrayBuffers, rss } = process.memoryUsage()
  const sizes = { heap: heapUsed, external, arrays: arrayBuffers, process: rss }
  const shown = Object.entries(sizes).map(([name, bytes]) => `${name} ${megabytes(bytes)}`)
  console.log(`${String(run).padStart(6)} runs: ${shown.join(', ')}`)
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MB`
}
