import { join } from 'node:path'
import { LamellaFile, type WrittenLamellaFile } from '#common/model/describe-file.ts'
import type { Checkpoint } from '../../checkpoint/checkpoint.ts'
import type { Folder } from '../../files/folder.ts'
import { replaceFile } from '../../files/replace-file.ts'
import { writeError } from '../../files/write-error.ts'
import { keepDescription } from '../../reader/kept-description.ts'
import { parseLamellaFile } from '../../reader/model-files.ts'

/** What users said of models: beside them as lamella.json, or where that cannot be, in the data folder. */
export interface Descriptions {
  /**
   * Writes lamella.json into a model folder, or into the data folder when that one is read-only. What the
   * file said besides stays.
   * @param before what the model folder's file says
   * @returns the path of the file
   * @throws LamellaError `file-unwritable` when neither can be written
   */
  save(
    folder: Folder,
    checkpoint: Checkpoint,
    before: LamellaFile | null,
    change: WrittenLamellaFile
  ): Promise<string>
}

const readOnly = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOSPC', 'EDQUOT'])

export function createDescriptions(descriptions: string): Descriptions {
  return {
    async save(folder, checkpoint, before, change) {
      const text = fileText({ ...before, ...change })
      parseLamellaFile(JSON.parse(text))
      const file = join(folder.path, 'lamella.json')
      try {
        await replaceFile(file, [text])
        return file
      } catch (error) {
        const { code = '' } = error as NodeJS.ErrnoException
        if (!readOnly.has(code)) throw writeError(file, error, file)
      }
      return keepDescription(descriptions, checkpoint, text)
    }
  }
}

/** The file as it is written: what has a default, or is nothing, is left out. */
function fileText(file: WrittenLamellaFile): string {
  const concise = withoutDefaults(file) as WrittenLamellaFile
  const same =
    JSON.stringify(LamellaFile.parse(concise)) === JSON.stringify(LamellaFile.parse(file))
  return `${JSON.stringify(same ? concise : file, null, 2)}\n`
}

const defaults: Readonly<Record<string, readonly unknown[]>> = {
  offset: [0],
  scale: [1],
  residualScale: [1],
  stored: ['out,in', 'token,width'],
  from: ['every'],
  parallel: [false]
}

/** Parts of a block of which null says that there is none. */
const saysNone = new Set(['mlp', 'output'])

function withoutDefaults(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDefaults)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value)
    .filter(([key, entry]) => (entry === null ? saysNone.has(key) : entry !== undefined))
    .filter(([key, entry]) => defaults[key]?.includes(entry) !== true)
    .map(([key, entry]) => [key, withoutDefaults(entry)] as const)
    .filter(([key, entry]) => key !== 'scaling' || JSON.stringify(entry) !== '{"type":"none"}')
  return Object.fromEntries(kept)
}
