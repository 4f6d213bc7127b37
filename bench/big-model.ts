/**
 * Opens a Llama-shaped folder of bfloat16 under a memory budget, by default of two of its blocks, and prints how long
 * until it is open, until its first block's attention is there, and until all blocks have run; the last beside what was
 * estimated beforehand. The engine's peak is that of the whole run alone, where the system tells.
 *
 *     npm run bench:big -- [--blocks N] [--budget GB] [--tokens 8,512] [--dense]
 *
 * Files are holes unless `--dense` writes them, 0.4 GB a block: then they are read from the disk, not from memory.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { forkEngine } from '../src/main/engine/host.ts'
import { readerHost } from './opened-model.ts'
import { peakMemory } from './process-use.ts'
import { createWorkbench } from '../src/main/workbench/workbench.ts'
import { writeSparseLlama } from '../test/main/workbench/sparse-llama.ts'

const { values } = parseArgs({
  options: {
    blocks: { type: 'string', default: '24' },
    budget: { type: 'string', default: '2' },
    tokens: { type: 'string', default: '8,512' },
    dense: { type: 'boolean', default: false }
  }
})
const budget = 1e9 * Number(values.budget)

const context = { client: 'bench', signal: new AbortController().signal, progress: () => undefined }
const dataFolder = mkdtempSync(join(tmpdir(), 'lamella-bench-'))
const { folder, bytes } = writeSparseLlama(Number(values.blocks))
const host = forkEngine(join(import.meta.dirname, '../src/main/engine/process.ts'))
let enginePid: number | undefined
const workbench = await createWorkbench({
  dataFolder,
  resourcesFolder: '',
  engine: {
    spawn(exchange) {
      const process = host.spawn(exchange)
      enginePid = process.pid
      return process
    }
  },
  reader: readerHost,
  computeEntry: join(import.meta.dirname, '../src/main/compute/worker.ts'),
  traceEntry: join(import.meta.dirname, '../src/main/trace/worker.ts'),
  keptEntry: join(import.meta.dirname, '../src/main/workbench/analysis/kept-worker.ts'),
  hashEntry: join(import.meta.dirname, '../src/main/workbench/model/hash-worker.ts'),
  sessionEntry: join(import.meta.dirname, '../src/main/session/worker.ts'),
  figureEntry: join(import.meta.dirname, '../src/main/figure/worker.ts'),
  headVisEntry: join(import.meta.dirname, '../src/main/headvis/worker.ts'),
  shell: 'cli',
  version: 'bench'
})
const { handlers } = workbench

try {
  await bench()
} finally {
  await workbench.close()
  rmSync(folder, { recursive: true })
  rmSync(dataFolder, { recursive: true })
}

async function bench(): Promise<void> {
  if (values.dense) await fill()
  await handlers['settings.set']({ memoryBudgetBytes: budget }, context)
  print(
    `Llama's shape, ${values.blocks} blocks, bfloat16, ${gigabytes(bytes)}, budget ${gigabytes(budget)}, cpu`
  )

  const opening = await timed(() => handlers['models.open']({ path: folder }, context))
  print(`opening (headers)              ${(1000 * opening.seconds).toFixed(0)} ms`)
  const { id: modelId, path, fingerprint } = opening.result
  let isFirst = true
  for (const tokens of values.tokens.split(',').map(Number)) {
    forgetFiles()
    const input = { ids: Array.from({ length: tokens }, (_, i) => i + 1) }
    const source = { model: { path, fingerprint }, input, edits: [], provider: 'cpu' } as const
    const seen = await timed(async () => {
      const { id } = await handlers['runs.start']({ source: { ...source, edits: [] } }, context)
      const corpus = { inputs: [input], window: null, stride: null }
      const of = { model: source.model, corpus, edits: [], provider: 'cpu' as const }
      const asked = {
        name: 'patterns',
        params: { layer: 0, size: 64, exact: false },
        of,
        with: null
      }
      await handlers['analysis.run'](asked, context)
      return id
    })
    if (isFirst) print(`first block's attention after  ${(1000 * seen.seconds).toFixed(0)} ms\n`)
    if (isFirst)
      print('tokens   estimate       real   ratio   estimated memory   engine peak   ratio')
    isFirst = false

    const estimate = await handlers['runs.estimate']({ modelId, tokens, provider: 'cpu' }, context)
    resetPeak()
    const whole = await timed(() => handlers['runs.complete']({ runId: seen.result }, context))
    // The first block has run already.
    const seconds = whole.seconds * (Number(values.blocks) / (Number(values.blocks) - 1))
    const peak = await peakMemory(enginePid)
    print(
      [
        String(tokens).padStart(6),
        `${estimate.seconds!.toFixed(1)} s`.padStart(10),
        `${seconds.toFixed(1)} s`.padStart(10),
        (estimate.seconds! / seconds).toFixed(2).padStart(7),
        gigabytes(estimate.memoryBytes).padStart(18),
        gigabytes(peak).padStart(13),
        (estimate.memoryBytes / peak).toFixed(2).padStart(7)
      ].join(' ')
    )
  }
}

/** Gives the weights bytes of their own: small numbers of both signs. */
async function fill(): Promise<void> {
  const chunk = Uint16Array.from({ length: 4 << 20 }, (_, i) => {
    const random = Math.imul(i + 1, 2654435761) >>> 16
    return ((random & 1) << 15) | 0x3b80 | (random & 0x7f)
  })
  for (const name of shards()) {
    const file = await open(join(folder, name), 'r+')
    const { size } = await file.stat()
    const length = await headerLength(name)
    for (let at = length; at < size; at += chunk.byteLength)
      await file.write(
        new Uint8Array(chunk.buffer, 0, Math.min(chunk.byteLength, size - at)),
        0,
        undefined,
        at
      )
    await file.sync()
    await file.close()
  }
}

async function headerLength(name: string): Promise<number> {
  const file = await open(join(folder, name))
  const { buffer } = await file.read(Buffer.alloc(8), 0, 8, 0)
  await file.close()
  return 8 + Number(buffer.readBigUInt64LE())
}

/** Has the system drop what it keeps of the weights in memory, where `dd` can ask for that. */
function forgetFiles(): void {
  for (const name of shards())
    try {
      const file = `if=${join(folder, name)}`
      execFileSync('dd', [file, 'iflag=nocache', 'count=0'], { stdio: 'ignore' })
    } catch {
      return
    }
}

function shards(): string[] {
  return readdirSync(folder).filter(name => name.endsWith('.safetensors'))
}

function resetPeak(): void {
  try {
    writeFileSync(`/proc/${enginePid}/clear_refs`, '5')
  } catch {
    // Then the peak is of all so far.
  }
}

async function timed<T>(action: () => Promise<T>): Promise<{ result: T; seconds: number }> {
  const start = performance.now()
  const result = await action()
  return { result, seconds: (performance.now() - start) / 1000 }
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
