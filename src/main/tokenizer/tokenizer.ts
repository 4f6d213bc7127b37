import { hasFile, readJson } from './read-file.ts'
import { parseDefinition } from './definition.ts'
import { tokenizerOf, type Tokenizer } from './encoder.ts'

export type { Tokenizer }

/**
 * Opens the tokenizer of a model folder.
 * @param folder its path
 * @param files names in it, relative
 * @param config its config.json
 * @returns null when the folder has none
 * @throws LamellaError when it has one that cannot be read
 */
export async function openTokenizer(
  folder: string,
  files: readonly string[],
  config: Readonly<Record<string, unknown>>
): Promise<Tokenizer | null> {
  void config
  if (hasFile(files, 'tokenizer.json')) {
    const json = await readJson(folder, 'tokenizer.json')
    return tokenizerOf(parseDefinition(json, 'tokenizer.json'), 'tokenizer.json')
  }
  return null
}
