import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectRoot } from '../golden/workbench.ts'

interface Stored {
  readonly dtype: string
  readonly shape: readonly number[]
  readonly data_offsets: readonly [number, number]
}

/** A folder with a small random model of so many layers: those of a golden one, over and over. */
export function deepModel(layers = 48): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'lamella-deep-')), 'deep')
  cpSync(join(projectRoot, 'test/golden/llama'), folder, { recursive: true })
  const path = join(folder, 'config.json')
  const config = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
  writeFileSync(path, JSON.stringify({ ...config, num_hidden_layers: layers }))

  const file = join(folder, 'model.safetensors')
  const bytes = readFileSync(file)
  const start = 8 + Number(bytes.readBigUInt64LE(0))
  const header = JSON.parse(bytes.toString('utf8', 8, start)) as Record<string, Stored>
  const own = Object.entries(header).filter(([name]) => name !== '__metadata__')
  const chunks: Buffer[] = []
  let at = 0
  const entries = own.flatMap(
    ([
      name,
      {
        dtype,
        shape,
        data_offsets: [from, to]
      }
    ]) => {
      const several = name.includes('.layers.0.') ? layers : name.includes('.layers.') ? 0 : 1
      return Array.from({ length: several }, (_, layer) => {
        chunks.push(bytes.subarray(start + from, start + to))
        const offsets = [at, (at += to - from)]
        return [
          name.replace('.layers.0.', `.layers.${layer}.`),
          { dtype, shape, data_offsets: offsets }
        ]
      })
    }
  )
  const json = Buffer.from(JSON.stringify(Object.fromEntries(entries)))
  const size = Buffer.alloc(8)
  size.writeBigUInt64LE(BigInt(json.length))
  writeFileSync(file, Buffer.concat([size, json, ...chunks]))
  return folder
}
