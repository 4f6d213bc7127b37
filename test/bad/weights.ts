import { closeSync, cpSync, mkdtempSync, openSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { openCheckpoint } from '../../src/main/checkpoint/checkpoint.ts'

/**
 * A copy of a model folder, of the same name, in which some float32 weights are other numbers.
 * @param values the number for one element of each tensor
 */
export async function folderWithWeights(
  folder: string,
  values: Readonly<Record<string, { at: number; value: number }>>
): Promise<string> {
  const copy = join(mkdtempSync(join(tmpdir(), 'lamella-weights-')), basename(folder))
  cpSync(folder, copy, { recursive: true })
  const { tensors } = await openCheckpoint(copy)
  for (const [name, { at, value }] of Object.entries(values)) {
    const { file, offset } = tensors.get(name)!
    const opened = openSync(file.path, 'r+')
    writeSync(opened, new Uint8Array(Float32Array.of(value).buffer), 0, 4, offset + 4 * at)
    closeSync(opened)
  }
  return copy
}
