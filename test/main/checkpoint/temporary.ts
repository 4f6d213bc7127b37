import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { LamellaError } from '#common/model/errors.ts'
import { openCheckpoint, type Checkpoint } from '../../../src/main/checkpoint/checkpoint.ts'

/** A folder of its own for one test, removed when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'lamella-checkpoint-')))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** The LamellaError that work ends in, as `code: message`; what it gave when it succeeds. */
export async function outcome(work: Promise<unknown>): Promise<unknown> {
  try {
    return await work
  } catch (thrown) {
    if (thrown instanceof LamellaError) return `${thrown.code}: ${thrown.message}`
    throw thrown
  }
}

/** Opens bytes as a file of this name in a folder of its own. */
export async function openBytes(file: Uint8Array, fileName = 'm.pth'): Promise<Checkpoint> {
  const path = join(await temporaryFolder(), fileName)
  await writeFile(path, file)
  return openCheckpoint(path)
}

/** Four floats from 1 on. */
export const fourFloats = new Uint8Array(new Float32Array([1, 2, 3, 4]).buffer)
