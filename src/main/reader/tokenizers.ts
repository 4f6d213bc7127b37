import { readdir } from 'node:fs/promises'
import { LamellaError } from '#common/model/errors.ts'
import type { LamellaFile } from '#common/model/describe-file.ts'
import { onFileInHand, takeInHand } from '../files/file-in-hand.ts'
import type { Folder } from '../files/folder.ts'
import { tokenizerFiles } from '../tokenizer/tokenizer-files.ts'
import { missingTokenizer, openTokenizer, type Tokenizer } from '../tokenizer/tokenizer.ts'
import { characterTokenizer } from './character-tokenizer.ts'
import { filesNamed } from './made-of.ts'
import { metaCharacters, metaPickle } from './meta-pickle.ts'

/** What a tokenizer is made of. */
export interface TokenizerSource {
  /** The model's; null where the characters alone count. */
  readonly folder: Folder | null
  /** What config.json says that the reading of a tokenizer hangs on. */
  readonly config: { readonly model_type?: unknown; readonly tokenizer_class?: unknown }
  /** What ids stand for, from 0, where the folder has no tokenizer. */
  readonly characters: NonNullable<LamellaFile['characters']> | null
  /** The file that says so; lamella.json when left out. */
  readonly charactersFrom?: string
  /** Which files it was made of before; absent at first. */
  readonly madeOf?: string
}

/** What is known of a tokenizer without asking it. */
export interface TokenizerFacts {
  readonly kind: string
  readonly vocabularySize: number
  readonly notes: readonly string[]
  readonly madeOf: string
}

interface Made extends Tokenizer, TokenizerFacts {
  /** The one of its files that was read last; null where it is made of none. */
  readonly file: string | null
}

/** The tokenizers that this process has made. */
export interface Tokenizers {
  /**
   * @returns null where there is none
   * @throws LamellaError when it cannot be made, or is of a class that is not read, or its files are not those that it was made of before
   */
  of(source: TokenizerSource): Promise<(Tokenizer & TokenizerFacts) | null>
}

export function createTokenizers(): Tokenizers {
  const made = new Map<string, Made>()
  let inHand: string | null = null
  onFileInHand(label => (inHand = label))
  return {
    async of(source) {
      const { folder, config, characters, madeOf: before } = source
      const key = JSON.stringify([folder, config, characters])
      const known = made.get(key)
      if (known !== undefined) {
        // Patterns are compiled when they are first used.
        if (known.file !== null) takeInHand(known.file)
        return known
      }
      const names = folder === null ? [] : await readdir(folder.path)
      const madeOf = folder === null ? '' : await marksOf(folder)
      if (before !== undefined && before !== madeOf)
        throw new LamellaError(
          'file-invalid',
          'The files of the tokenizer changed since the model was opened',
          'Open the model again.'
        )
      // Not what was read before, of other things.
      inHand = null
      const tokenizer =
        (folder === null ? null : await openTokenizer(folder, names, config)) ??
        (folder !== null && names.includes(metaPickle) ? await fromMeta(folder) : null) ??
        (characters === null ? null : characterTokenizer(characters, source.charactersFrom))
      if (tokenizer === null) {
        const why = folder === null ? null : await missingTokenizer(folder, names, config)
        if (why !== null) throw why
        return null
      }
      const found = { ...tokenizer, madeOf, file: inHand }
      made.set(key, found)
      return found
    }
  }
}

async function fromMeta(folder: Folder): Promise<Tokenizer | null> {
  const characters = await metaCharacters(folder)
  return characters === null ? null : characterTokenizer(characters, metaPickle)
}

/** The files of a tokenizer as they are now. */
async function marksOf(folder: Folder): Promise<string> {
  const files = await filesNamed(folder, tokenizerFiles)
  return files.map(({ label, mark }) => `${label} ${mark}`).join('\n')
}
