import { closeSync, cpSync, mkdtempSync, openSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { openCheckpoint } from '../../src/main/checkpoint/checkpoint.ts'
import { readFloat32 } from '../../src/main/checkpoint/read.ts'

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

/**
 * A copy of a model folder, of the same name, in which some float32 tensors are changed.
 * @param changes of each tensor what is done to its numbers, row-major
 */
export async function folderWithTensors(
  folder: string,
  changes: Readonly<Record<string, (data: Float32Array, columns: number) => void>>
): Promise<string> {
  const copy = join(mkdtempSync(join(tmpdir(), 'lamella-weights-')), basename(folder))
  cpSync(folder, copy, { recursive: true })
  const { tensors } = await openCheckpoint(copy)
  // What was written to once is read no more.
  const original = await openCheckpoint(folder)
  for (const [name, change] of Object.entries(changes)) {
    const entry = tensors.get(name)!
    const data = await readFloat32(original.tensors.get(name)!)
    change(data, entry.shape.at(-1)!)
    const opened = openSync(entry.file.path, 'r+')
    writeSync(opened, new Uint8Array(data.buffer), 0, data.byteLength, entry.offset)
    closeSync(opened)
  }
  return copy
}
