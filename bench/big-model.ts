/**
 * Opens a Llama-shaped folder of 10 GB in bfloat16 (its files are holes) under a memory budget of 2 GB and prints
 * how long until it is open and until its first block's attention is there.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { forkEngine } from '../src/main/engine/host.ts'
import { createWorkbench } from '../src/main/workbench/workbench.ts'
import { writeSparseLlama } from '../test/main/workbench/sparse-llama.ts'

const context = { signal: new AbortController().signal, progress: () => undefined }
const dataFolder = mkdtempSync(join(tmpdir(), 'lamella-bench-'))
const { folder, bytes } = writeSparseLlama(24)
const workbench = await createWorkbench({
  dataFolder,
  resourcesFolder: '',
  engine: forkEngine(join(import.meta.dirname, '../src/main/engine/process.ts')),
  shell: 'cli',
  version: 'bench'
})
const { handlers } = workbench
await handlers['settings.set']({ memoryBudgetBytes: 2e9 }, context)

const start = performance.now()
const model = await handlers['models.open']({ path: folder }, context)
const opened = performance.now()
const run = await handlers['runs.start'](
  { modelId: model.id, input: { ids: [1, 2, 3, 4, 5, 6, 7, 8] }, provider: 'cpu' },
  context
)
await handlers['runs.patternMaps']({ runId: run.id, layer: 0, size: 64 }, context)
const seen = performance.now()

console.log(`Llama's shape, 24 blocks, bfloat16, ${(bytes / 1e9).toFixed(1)} GB, budget 2 GB, cpu`)
console.log(`opening (headers)              ${(opened - start).toFixed(0)} ms`)
console.log(`first block's attention after  ${(seen - opened).toFixed(0)} ms`)

await workbench.close()
rmSync(folder, { recursive: true })
rmSync(dataFolder, { recursive: true })
