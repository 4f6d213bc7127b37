import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openCheckpoint } from '../../src/main/checkpoint/checkpoint.ts'
import { readFloat32 } from '../../src/main/checkpoint/read.ts'
import { projectRoot } from './workbench.ts'

const golden = join(projectRoot, 'test/golden')

type Weights = Map<string, { shape: readonly number[]; data: Float32Array }>

/** A golden folder with other weights and another config.json. */
export async function changedModel(
  name: string,
  config: object,
  change: (weights: Weights) => void,
  metadata: Record<string, string> = {}
): Promise<string> {
  const { tensors } = await openCheckpoint(join(golden, name, 'model.safetensors'))
  const weights: Weights = new Map()
  for (const [name, entry] of tensors)
    weights.set(name, { shape: entry.shape, data: await readFloat32(entry) })
  change(weights)
  const folder = mkdtempSync(join(tmpdir(), 'lamella-heads-'))
  const own = JSON.parse(readFileSync(join(golden, name, 'config.json'), 'utf8')) as object
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...own, ...config }))
  let end = 0
  const header: Record<string, unknown> = { __metadata__: metadata }
  for (const [name, { shape, data }] of weights) {
    const start = end
    end += data.byteLength
    header[name] = { dtype: 'F32', shape, data_offsets: [start, end] }
  }
  const text = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  const data = [...weights.values()].map(({ data }) => Buffer.from(data.buffer))
  writeFileSync(join(folder, 'model.safetensors'), Buffer.concat([length, text, ...data]))
  return folder
}

/** Numbers from −½ to ½ that look random. */
export function noise(...shape: number[]) {
  const count = shape.reduce((product, length) => product * length, 1)
  const data = Float32Array.from({ length: count }, (_, i) => ((i * 7919) % 1009) / 1009 - 0.5)
  return { shape, data }
}
