import { isAbsolute } from 'node:path'
import type { CallContext } from '#common/contract/rpc.ts'
import { LamellaError } from '#common/model/errors.ts'
import type { CorpusFiles } from '#common/model/library.ts'
import { visibleText } from '#common/text/visible-text.ts'
import { sha256 } from '../../files/sha256.ts'
import { corpusFiles, type FilesAtPath } from './corpus-sources.ts'

/**
 * What lies at a path that a corpus names: a text file, or a folder of them.
 * @throws LamellaError when it leads nowhere, or to nothing that can be read as text
 */
export async function lookAtCorpus(path: string, context: CallContext): Promise<CorpusFiles> {
  if (!isAbsolute(path))
    throw new LamellaError(
      'invalid-argument',
      `${visibleText(path)}: is no whole path`,
      'Begin it at the root, such as /home/me/books.'
    )
  return filesSeen(await corpusFiles(path, context))
}

/** What is told of the text files at a path. */
export function filesSeen({ files, left }: FilesAtPath): CorpusFiles {
  return {
    files: files.length,
    bytes: files.reduce((sum, { size }) => sum + size, 0),
    left: left.length,
    mark: sha256(files.flatMap(({ label, mark }) => [label, mark]))
  }
}
