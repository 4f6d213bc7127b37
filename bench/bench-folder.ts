import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { writeRandomGpt2 } from './random-gpt2.ts'

/** What calls are made with: nobody listens, and nobody gives up. */
export const context = {
  client: 'bench',
  signal: new AbortController().signal,
  progress: () => undefined
}

/** Has something done in a folder that is gone afterwards. */
export async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'lamella-bench-'))
  try {
    await work(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The folder of the model that is asked for, else of one of GPT-2 small's shape, which is written. */
export async function modelFolder(folder: string, asked?: string): Promise<string> {
  if (asked !== undefined) return resolve(asked)
  const path = join(folder, 'model')
  await writeRandomGpt2(path)
  return path
}
