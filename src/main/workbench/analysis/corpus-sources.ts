import { readdir, stat } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import type { CorpusInput } from '#common/analysis/subject.ts'
import type { CallContext } from '#common/contract/rpc.ts'
import { LamellaError, toLamellaError } from '#common/model/errors.ts'
import { counted } from '#common/text/number-text.ts'
import { fileError, fileLabel, pathError } from '../../files/file-error.ts'
import { namedFile, openFolder, type Folder } from '../../files/folder.ts'
import { knownFile, type KnownFile } from '../../files/known-file.ts'
import { withFile } from '../../files/open-file.ts'

/** One text of a corpus, whole or by the file that holds it. */
export type CorpusSource =
  | { readonly kind: 'text'; readonly label: string; readonly text: string }
  | { readonly kind: 'ids'; readonly label: string; readonly ids: readonly number[] }
  | {
      readonly kind: 'file'
      readonly label: string
      readonly file: KnownFile
      /** It was found in a folder: what cannot be read of it is left out, and said. */
      readonly found: boolean
    }

/** More files than this are no corpus but a mistake. */
const mostTexts = 100_000

/** Of so many files more it says how many there are. */
const toldEvery = 1000

/** What a corpus is made of, in the order it is read, and what of it is left out. */
export interface CorpusSources {
  readonly sources: readonly CorpusSource[]
  /** A line each, such as `pipe: is no file`. */
  readonly left: readonly string[]
}

/**
 * The texts of a corpus. Of a folder all files in it and below, by name; hidden ones are left out, and links are not
 * followed.
 * @throws LamellaError when a path leads nowhere or a folder holds too many files
 */
export async function corpusSources(
  inputs: readonly CorpusInput[],
  context: CallContext
): Promise<CorpusSources> {
  const sources: CorpusSource[] = []
  const left: string[] = []
  for (const [i, input] of inputs.entries()) {
    const label = inputs.length === 1 ? '' : ` ${i + 1}`
    if ('text' in input) sources.push({ kind: 'text', label: `text${label}`, text: input.text })
    else if ('ids' in input) sources.push({ kind: 'ids', label: `tokens${label}`, ids: input.ids })
    else await addPath(input.path, sources, left, context)
    checkCount(sources)
  }
  return { sources, left }
}

async function addPath(
  given: string,
  sources: CorpusSource[],
  left: string[],
  context: CallContext
): Promise<void> {
  const stats = await stat(given).catch((error: Error) => {
    throw pathError(given, error)
  })
  if (!stats.isDirectory()) {
    const place = await namedFile(given)
    const { path } = place
    const label = basename(path)
    // Opened once, so that what only looks like a file is refused.
    await withFile({ ...place, label }, () => Promise.resolve())
    const file = await knownFile({ ...place, label })
    if (file.size === 0) left.push(`${label}: is empty`)
    else sources.push({ kind: 'file', label, file, found: false })
    return
  }
  const before = sources.length
  const root = await openFolder(given)
  const { path } = root
  await addFolder(root, path, sources, left, context)
  if (sources.length === before)
    throw new LamellaError(
      'file-invalid',
      `${basename(path)}: holds no text file${left.length > 0 ? ` (${left.slice(0, 3).join('; ')})` : ''}`
    )
}

async function addFolder(
  root: Folder,
  folder: string,
  sources: CorpusSource[],
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
    else if (entry.isDirectory()) await addFolder(root, path, sources, left, context)
    else if (!entry.isFile()) left.push(`${label}: is no file`)
    else {
      const file = await knownFile({ path, label, roots: root.roots }).catch(toLamellaError)
      if (file instanceof LamellaError) left.push(file.message)
      else if (file.size === 0) left.push(`${label}: is empty`)
      else if (sources.push({ kind: 'file', label, file, found: true }) % toldEvery === 0) {
        const files = counted(sources.length, 'file')
        const label = `Looking through ${fileLabel(root.path)}: ${files}`
        context.progress({ label, done: 0, total: 0 })
      }
    }
    checkCount(sources)
  }
}

function checkCount({ length }: readonly CorpusSource[]): void {
  if (length > mostTexts)
    throw new LamellaError(
      'invalid-argument',
      `A corpus holds at most ${mostTexts.toLocaleString('en')} texts and files`
    )
}
