import { z } from 'zod'
import { toLamellaError } from '#common/model/errors.ts'
import type { Folder } from '../files/folder.ts'
import { readOptional, type RawConfig } from './model-files.ts'

/** The tokens that a model ends texts with. */
export interface EndTokens {
  /** Their ids; none where no file says. */
  readonly ids: readonly number[]
  /** What is wrong with the file that says them; null when nothing is. */
  readonly fault: string | null
}

export const generationFile = 'generation_config.json'

/** As generation_config.json has them, else config.json, each under `eos_token_id`: one id or several. */
export async function endTokensOf(folder: Folder, config: RawConfig): Promise<EndTokens> {
  try {
    return (
      stated(generationFile, await readOptional(folder, generationFile)) ??
      stated('config.json', config) ??
      stated('config.json: text_config', config['text_config']) ?? { ids: [], fault: null }
    )
  } catch (error) {
    return { ids: [], fault: toLamellaError(error).message }
  }
}

const Stated = z.looseObject({ eos_token_id: z.union([z.int(), z.array(z.int())]).nullish() })

/** @returns null where it says none */
function stated(file: string, json: unknown): EndTokens | null {
  if (json === null || json === undefined) return null
  const found = Stated.safeParse(json)
  if (!found.success)
    return { ids: [], fault: `${file}: eos_token_id: expected a whole number or a list of them` }
  const { eos_token_id: ids } = found.data
  // A negative one stands for none.
  const own = [ids ?? []].flat().filter(id => id >= 0)
  return own.length === 0 ? null : { ids: own, fault: null }
}
