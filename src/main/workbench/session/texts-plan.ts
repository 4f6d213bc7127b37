import { filesIn } from '#common/analysis/subject.ts'
import type { HandlerContext } from '#common/contract/rpc.ts'
import type { KeptWish } from '#common/contract/session.ts'
import { LamellaError, toLamellaError } from '#common/model/errors.ts'
import type { FilesOfCorpus, LibraryItem, NamedCorpus } from '#common/model/library.ts'
import { sessionLimits, type SessionContent } from '#common/model/session.ts'
import { bytesText } from '#common/text/number-text.ts'
import { visibleText } from '#common/text/visible-text.ts'
import { fileLabel } from '../../files/file-error.ts'
import { readExactly, withKnownFile } from '../../files/open-file.ts'
import { textsRow, type KeptTexts } from '../../session/text-rows.ts'
import { corpusFiles, type FilesAtPath } from '../analysis/corpus-sources.ts'
import { filesSeen } from '../analysis/look-at-corpus.ts'
import type { KeptSession } from './kept-session.ts'

/** The texts of a corpus of files that go into a session's file. */
export interface PlannedTexts {
  readonly name: string
  /** What they take in the file, about. */
  readonly bytes: number
  /** @throws LamellaError where they cannot be read, or are others by then */
  read(): Promise<KeptTexts>
}

export interface TextsPlan {
  readonly kept: readonly PlannedTexts[]
  /** Which are left out, and why, a sentence each. */
  readonly without: readonly string[]
}

export const noTexts: TextsPlan = { kept: [], without: [] }

/** A corpus that names files. */
type FileCorpus = NamedCorpus & { readonly of: FilesOfCorpus }

/**
 * Which texts of corpora of files a session keeps: of those that its results, tabs, findings or panels read, and no others of the library; of
 * these where the files are what they were as the corpus was named, and what it has kept of before; of results first, as far as
 * there is room.
 */
export async function planTexts(
  { library }: Pick<SessionContent, 'library'>,
  { results, corpora }: Pick<KeptWish, 'results' | 'corpora'>,
  before: KeptSession | null,
  context: HandlerContext
): Promise<TextsPlan> {
  const read = new Set(
    results
      .flatMap(({ of, with: other }) => [of, other])
      .flatMap(subject => filesIn(subject?.corpus?.inputs ?? []))
  )
  const all = library.filter(isOfFiles)
  const ofResults = all.filter(({ of }) => read.has(of.path))
  const ofTabs = all.filter(({ name, of }) => !read.has(of.path) && corpora.includes(name))
  const kept: PlannedTexts[] = []
  const without: string[] = []
  /** Marks of those that are kept, by path: several corpora may be of the same files. */
  const marks = new Map<string, string>()
  let room: number = sessionLimits.textBytes
  for (const corpus of [...ofResults, ...ofTabs]) {
    const { path, seen } = corpus.of
    if (marks.get(path) === seen.mark) continue
    try {
      if (marks.has(path)) throw changed(path)
      const planned = await textsOf(corpus, before, context)
      if (planned.bytes > room) throw tooLarge(planned.bytes)
      room -= planned.bytes
      marks.set(path, seen.mark)
      kept.push(planned)
    } catch (error) {
      context.signal.throwIfAborted()
      without.push(withoutText(corpus, error))
    }
  }
  return { kept, without }
}

/** Says that texts are not in a session's file. */
export function withoutText({ name }: Pick<NamedCorpus, 'name'>, why: unknown): string {
  return `The texts of “${visibleText(name)}” are not in it: ${toLamellaError(why).message}`
}

function isOfFiles(item: LibraryItem): item is FileCorpus {
  return item.kind === 'corpus' && 'path' in item.of
}

/** @throws LamellaError saying why there are none */
async function textsOf(
  { name, of: { path, seen, unasked } }: FileCorpus,
  before: KeptSession | null,
  context: HandlerContext
): Promise<PlannedTexts> {
  let why: unknown = notAskedFor(path)
  if (!unasked)
    try {
      const found = await corpusFiles(path, context)
      if (filesSeen(found).mark === seen.mark) return onDisk(name, path, found)
      why = changed(path)
    } catch (error) {
      context.signal.throwIfAborted()
      why = error
    }
  const known = before?.texts.get(path)
  if (before === null || known === undefined || known.mark !== seen.mark) throw why
  const read = async () => (await before.thread.ask('texts', { path }))?.texts ?? damaged(path)
  return { name, bytes: known.bytes, read }
}

function onDisk(name: string, path: string, { files, found, left }: FilesAtPath): PlannedTexts {
  const { mark, bytes: size } = filesSeen({ files, found, left })
  const told = files.map(({ label, size }) => ({ label, size }))
  const head = { path, mark, found, left, files: told }
  const { about } = textsRow({ ...head, bytes: new Uint8Array() })
  async function read(): Promise<KeptTexts> {
    const bytes = new Uint8Array(size)
    let end = 0
    for (const file of files) {
      const own = bytes.subarray(end, (end += file.size))
      await withKnownFile(file, open => readExactly(open, 0, own))
    }
    return { ...head, bytes }
  }
  return { name, bytes: size + about.length, read }
}

function changed(path: string): LamellaError {
  return new LamellaError('file-changed', `${fileLabel(path)}: changed since the corpus was named`)
}

function notAskedFor(path: string): LamellaError {
  return new LamellaError('not-found', `${fileLabel(path)}: is not looked for yet`)
}

function tooLarge(bytes: number): LamellaError {
  const [own, most] = [bytesText(bytes), bytesText(sessionLimits.textBytes)]
  const message = `they take ${own}, and a session keeps at most ${most} of texts of files`
  return new LamellaError('unsupported', message)
}

function damaged(path: string): never {
  throw new LamellaError(
    'file-invalid',
    `${fileLabel(path)}: the texts that the session kept are damaged`
  )
}
