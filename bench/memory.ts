/**
 * How much memory looking at weights takes, of a checkpoint with many tensors of 50,257 × 768: the most that the workbench with its
 * threads of analyses and the reader held during each action, beyond what they held before the model was opened. That it does not
 * grow with the number of tensors is what it shows. Linux alone tells it.
 *
 *     npm run bench:memory -- [--tensors 12]
 */
import { once } from 'node:events'
import { createWriteStream, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { z } from 'zod'
import { generator } from '#common/analysis/generator.ts'
import { context, inFolder } from './bench-folder.ts'
import { startBenchWorkbench } from './bench-workbench.ts'
import { print } from './measured.ts'

const { values } = parseArgs({ options: { tensors: { type: 'string', default: '12' } } })
const tensors = Number(values.tensors)
const shape = [50_257, 768]
const tensorBytes = 4 * shape[0]! * shape[1]!

/** What the processes hold before a model is opened, in bytes. */
let idle = 0

await inFolder(async folder => {
  const path = join(folder, 'model')
  await writeTensors(path)
  const workbench = await startBenchWorkbench(join(folder, 'data'))
  const { handlers } = workbench
  idle = held('VmRSS')
  let fingerprint = ''
  const analyse = (name: string, params: z.core.util.JSONType) => () => {
    const of = { model: { path, fingerprint }, corpus: null, edits: [], provider: 'cpu' as const }
    return handlers['analysis.run']({ name, params, of, with: null }, context)
  }

  print(`${tensors} tensors of ${shape.join(' × ')}, ${megabytes(tensorBytes)} each`)
  await told('opening the model', async () => {
    fingerprint = (await handlers['models.open']({ path }, context)).fingerprint
  })
  const [tensor = ''] = names()
  const part = { rows: [10_000, 11_000], columns: [0, 768] }
  await told('a map of one, all of it', analyse('tensor-map', { tensor }))
  await told('a map of 1,000 of its rows', analyse('tensor-map', { tensor, ...part }))
  await told('statistics of one', analyse('weight-statistics', { tensors: [tensor] }))
  await told('the spectrum of one', analyse('spectrum', { tensors: [tensor] }))
  await told('statistics of all', analyse('weight-statistics', {}))
  await told('the health check', analyse('health', {}))
  await workbench.close()
})

/** Random weights, in pieces: no tensor is the same as another. */
async function writeTensors(path: string): Promise<void> {
  await mkdir(path)
  await writeFile(join(path, 'config.json'), '{}')
  const file = createWriteStream(join(path, 'model.safetensors'))
  const header = Object.fromEntries(
    names().map((name, i) => {
      const offsets = [i * tensorBytes, (i + 1) * tensorBytes]
      return [name, { dtype: 'F32', shape, data_offsets: offsets }]
    })
  )
  const text = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  file.write(Buffer.concat([length, text]))
  const next = generator(1)
  const piece = Float32Array.from(
    { length: 1 << 20 },
    () => 0.02 * (next() + next() + next() - 1.5)
  )
  for (let left = tensors * tensorBytes; left > 0; left -= 4 * piece.length) {
    piece[0] = next()
    const bytes = Buffer.from(new Uint8Array(piece.buffer, 0, Math.min(left, 4 * piece.length)))
    if (!file.write(bytes)) await once(file, 'drain')
  }
  file.end()
  await once(file, 'finish')
}

function names(): string[] {
  return Array.from({ length: tensors }, (_, i) => `tables.${i}.weight`)
}

/** What the processes hold at most while something is done. */
async function told(what: string, action: () => Promise<unknown>): Promise<void> {
  for (const id of ownProcesses()) writeFileSync(`/proc/${id}/clear_refs`, '5')
  await action()
  const most = megabytes(held('VmHWM') - idle)
  const after = megabytes(held('VmRSS') - idle)
  print(`${what}:`.padEnd(30) + `${most} at most, ${after} afterwards`)
}

function held(name: 'VmRSS' | 'VmHWM'): number {
  return ownProcesses().reduce((sum, id) => sum + memoryOf(id, name), 0)
}

/** This process and those that it started. */
function ownProcesses(): number[] {
  const children = readdirSync(`/proc/${process.pid}/task`).flatMap(task =>
    readFileSync(`/proc/${process.pid}/task/${task}/children`, 'utf8')
      .split(' ')
      .filter(id => id !== '')
  )
  return [process.pid, ...children.map(Number)]
}

/** In bytes. */
function memoryOf(id: number, name: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${id}/status`, 'utf8')
  return 1024 * Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0)
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`
}
