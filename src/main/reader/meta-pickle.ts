import { charactersIn } from '../checkpoint/characters.ts'
import { PickleBytes } from '../checkpoint/pickle-bytes.ts'
import { readPickle } from '../checkpoint/pickle.ts'
import { torchPolicy } from '../checkpoint/torch-names.ts'
import type { Folder } from '../files/folder.ts'
import { readBytes } from '../tokenizer/read-file.ts'

/** What nanoGPT writes beside the texts that it made ids of. */
export const metaPickle = 'meta.pkl'

/**
 * What ids stand for, as meta.pkl says. It is read as a description: nothing that it names is looked up.
 * @returns null when it says nothing of that
 * @throws LamellaError when it is no pickle, or would run something
 */
export async function metaCharacters(folder: Folder): Promise<string[] | null> {
  const bytes = new PickleBytes(await readBytes(folder, metaPickle), metaPickle)
  return charactersIn(await readPickle(bytes, torchPolicy))
}
