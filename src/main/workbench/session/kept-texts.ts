import { LamellaError, toLamellaError } from '#common/model/errors.ts'
import type { HandlerContext, Handlers } from '#common/contract/rpc.ts'
import { fileLabel } from '../../files/file-error.ts'
import { sha256 } from '../../files/sha256.ts'
import {
  readFromDisk,
  type CorpusSource,
  type CorpusSources,
  type ReadPath
} from '../analysis/corpus-sources.ts'
import { lookAtCorpus } from '../analysis/look-at-corpus.ts'
import { textPieceOf } from '../analysis/text-pieces.ts'
import type { LibraryShelf } from '../library.ts'
import type { KeptSession } from './kept-session.ts'

/** Corpora of files as a client has them. */
export interface Corpora {
  readonly handlers: Pick<Handlers, 'corpus.look'>
  /**
   * Reads a path: from the disk or, where nothing is there, the texts that an open session of the client keeps. Where nobody here
   * has asked for the files of the path, the disk is not looked at as long as a session keeps them.
   */
  read(context: Pick<HandlerContext, 'client'>): ReadPath
}

/** @param sessions those that a client has open */
export function createCorpora(
  library: Pick<LibraryShelf, 'isAskedFor'>,
  sessions: (client: string) => readonly KeptSession[]
): Corpora {
  const keeping = (path: string, client: string) =>
    sessions(client).find(({ texts }) => texts.has(path)) ?? null

  return {
    handlers: {
      async 'corpus.look'({ path }, context) {
        try {
          return { files: await lookAtCorpus(path, context), kept: false }
        } catch (error) {
          const files = keeping(path, context.client)?.texts.get(path)
          if (files === undefined || !isGone(error)) throw error
          return { files, kept: true }
        }
      }
    },
    read:
      ({ client }) =>
      async (path, context) => {
        const session = keeping(path, client)
        if (session === null) return readFromDisk(path, context)
        if (!(await library.isAskedFor(path))) return keptSources(session, path)
        try {
          return await readFromDisk(path, context)
        } catch (error) {
          if (!isGone(error)) throw error
          return keptSources(session, path)
        }
      }
  }
}

function isGone(error: unknown): boolean {
  return toLamellaError(error).code === 'not-found'
}

/**
 * The texts of a path as a session keeps them, which are read as the files were.
 * @throws LamellaError `file-invalid` where they are damaged
 */
export async function keptSources(
  { thread }: Pick<KeptSession, 'thread'>,
  path: string
): Promise<CorpusSources> {
  const kept = await thread.ask('texts', { path })
  if (kept === null)
    throw new LamellaError(
      'file-invalid',
      `${fileLabel(path)}: the texts that the session kept are damaged`,
      'Put the files back where they were, or take a copy of the session from before.'
    )
  const { texts, digest } = kept
  let end = 0
  const sources = texts.files.map(({ label, size }): CorpusSource => {
    const bytes = texts.bytes.subarray(end, (end += size))
    return {
      kind: 'file',
      label,
      size,
      identity: sha256(['kept', digest, label]),
      found: texts.found,
      piece: start => Promise.resolve().then(() => textPieceOf(label, bytes, start))
    }
  })
  return { sources, left: texts.left }
}
