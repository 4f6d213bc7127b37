import { readdir, stat } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { mostTexts } from '#common/model/library.ts'
import type { CorpusInput } from '#common/analysis/subject.ts'
import type { CallContext } from '#common/contract/rpc.ts'
import { LamellaError, toLamellaError } from '#common/model/errors.ts'
import { counted } from '#common/text/number-text.ts'
import { fileError, fileLabel, pathError } from '../../files/file-error.ts'
import { namedFile, openFolder, type Folder } from '../../files/folder.ts'
import { knownFile, type KnownFile } from '../../files/known-file.ts'
import { withFile, withKnownFile } from '../../files/open-file.ts'
import { sha256 } from '../../files/sha256.ts'
import { textPiece, type TextPiece } from './text-pieces.ts'

/** One text of a corpus, whole or by the file that holds it. */
export type CorpusSource =
  | { readonly kind: 'text'; readonly label: string; readonly text: string }
  | { readonly kind: 'ids'; readonly label: string; readonly ids: readonly number[] }
  | {
      readonly kind: 'file'
      readonly label: string
      /** Of what it holds, in bytes. */
      readonly size: number
      /** Another one for any other file, and for other contents. */
      readonly identity: string
      /** It was found in a folder: what cannot be read of it is left out, and said. */
      readonly found: boolean
      /** The stretch that begins at a byte. @throws LamellaError as `textPiece` does, or where the file is another by now */
      piece(start: number): Promise<TextPiece>
    }

/** Of so many files more it says how many there are. */
const toldEvery = 1000

/** What a corpus is made of, in the order it is read, and what of it is left out. */
export interface CorpusSources {
  readonly sources: readonly CorpusSource[]
  /** A line each, such as `pipe: is no file`. */
  readonly left: readonly string[]
}

/** What reads the texts at a path. */
export type ReadPath = (path: string, context: CallContext) => Promise<CorpusSources>

/**
 * The texts of a corpus.
 * @param read what is asked for those of a path
 * @throws LamellaError when a path leads nowhere or there are too many texts
 */
export async function corpusSources(
  inputs: readonly CorpusInput[],
  context: CallContext,
  read: ReadPath = readFromDisk
): Promise<CorpusSources> {
  const sources: CorpusSource[] = []
  const left: string[] = []
  for (const [i, input] of inputs.entries()) {
    const label = inputs.length === 1 ? '' : ` ${i + 1}`
    if ('text' in input) sources.push({ kind: 'text', label: `text${label}`, text: input.text })
    else if ('ids' in input) sources.push({ kind: 'ids', label: `tokens${label}`, ids: input.ids })
    else {
      const there = await read(input.path, context)
      // They may be more than a call takes as arguments.
      for (const source of there.sources) sources.push(source)
      for (const line of there.left) left.push(line)
    }
    checkCount(sources)
  }
  return { sources, left }
}

/** The texts of what lies at a path. */
export const readFromDisk: ReadPath = async (path, context) => {
  const { files, found, left } = await corpusFiles(path, context)
  const sources = files.map((file): CorpusSource => ({
    kind: 'file',
    label: file.label,
    size: file.size,
    identity: sha256(['file', file.path, file.mark]),
    found,
    piece: start => withKnownFile(file, open => textPiece(open, start))
  }))
  return { sources, left }
}

/** The text files at a path, and what of it is left out. */
export interface FilesAtPath {
  readonly files: readonly KnownFile[]
  /** Whether they were found in a folder. */
  readonly found: boolean
  /** A line each. */
  readonly left: readonly string[]
}

/**
 * The text files at a path. Of a folder all files in it and below, by name; hidden ones are left out, and links are not
 * followed.
 * @throws LamellaError when a path leads nowhere or a folder holds too many files
 */
export async function corpusFiles(given: string, context: CallContext): Promise<FilesAtPath> {
  const files: KnownFile[] = []
  const left: string[] = []
  const stats = await stat(given).catch((error: Error) => {
    throw pathError(given, error)
  })
  if (!stats.isDirectory()) {
    const place = await namedFile(given)
    const label = basename(place.path)
    // Opened once, so that what only looks like a file is refused.
    await withFile({ ...place, label }, () => Promise.resolve())
    const file = await knownFile({ ...place, label })
    if (file.size === 0) left.push(`${label}: is empty`)
    else files.push(file)
    return { files, found: false, left }
  }
  const root = await openFolder(given)
  await addFolder(root, root.path, files, left, context)
  if (files.length === 0)
    throw new LamellaError(
      'file-invalid',
      `${basename(root.path)}: holds no text file${left.length > 0 ? ` (${left.slice(0, 3).join('; ')})` : ''}`
    )
  return { files, found: true, left }
}

async function addFolder(
  root: Folder,
  folder: string,
  files: KnownFile[],
  left: string[],
  context: CallContext
): Promise<void> {
  const { signal } = context
  signal.throwIfAborted()
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: Error) => {
    throw fileError(folder, error)
  })
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    signal.throwIfAborted()
    const path = join(folder, entry.name)
    const label = relative(root.path, path)
    if (entry.name.startsWith('.')) left.push(`${label}: is hidden`)
    else if (entry.isDirectory()) await addFolder(root, path, files, left, context)
    else if (!entry.isFile()) left.push(`${label}: is no file`)
    else {
      const file = await knownFile({ path, label, roots: root.roots }).catch(toLamellaError)
      if (file instanceof LamellaError) left.push(file.message)
      else if (file.size === 0) left.push(`${label}: is empty`)
      else if (files.push(file) % toldEvery === 0) {
        const label = `Looking through ${fileLabel(root.path)}: ${counted(files.length, 'file')}`
        context.progress({ label, done: 0, total: 0 })
      }
    }
    checkCount(files)
  }
}

function checkCount({ length }: readonly unknown[]): void {
  if (length > mostTexts)
    throw new LamellaError(
      'invalid-argument',
      `A corpus holds at most ${mostTexts.toLocaleString('en')} texts and files`
    )
}
