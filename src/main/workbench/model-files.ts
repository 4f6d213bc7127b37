import { z } from 'zod'
import { LamellaError, toLamellaError } from '#common/contract/errors.ts'
import type { RawConfig } from '../architecture/config-reader.ts'
import { fileInFolder } from '../checkpoint/folder-path.ts'
import { readJsonFile } from '../checkpoint/json-file.ts'

export type { RawConfig } from '../architecture/config-reader.ts'

/** Far above any real one. */
const limitBytes = 16 * 2 ** 20

/** What a folder may say of itself in `lamella.json`. */
const Notes = z.object({
  /** A text worth running first. */
  sampleText: z.string().max(100_000).nullable().default(null)
})
export type Notes = z.infer<typeof Notes>

/** config.json of a model folder; empty when there is none. */
export async function readModelConfig(folder: string): Promise<RawConfig> {
  const config = await readOptional(folder, 'config.json')
  if (config === null) return {}
  if (typeof config === 'object' && !Array.isArray(config)) return config as RawConfig
  throw new LamellaError('file-invalid', 'config.json: expected an object')
}

/** lamella.json of a model folder; its defaults when there is none. */
export async function readNotes(folder: string): Promise<Notes> {
  const notes = Notes.safeParse((await readOptional(folder, 'lamella.json')) ?? {})
  if (notes.success) return notes.data
  const [issue] = notes.error.issues
  throw new LamellaError(
    'file-invalid',
    `lamella.json: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`
  )
}

/** A link is followed only inside the folder, or to where the Hugging Face cache keeps its files. */
async function readOptional(folder: string, name: string): Promise<unknown> {
  try {
    return await readJsonFile(await fileInFolder(folder, name), limitBytes, { label: name })
  } catch (error) {
    if (toLamellaError(error).code === 'not-found') return null
    throw error
  }
}
