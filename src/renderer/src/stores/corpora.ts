import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { LamellaError, toLamellaError } from '#common/model/errors.ts'
import {
  areTextsOf,
  isAskedFor,
  type CorpusFiles,
  type FilesOfCorpus,
  type NamedCorpus
} from '#common/model/library.ts'
import { inputText } from '#common/text/input-text.ts'
import { bytesText, counted, exactCount } from '#common/text/number-text.ts'
import { visibleText } from '#common/text/visible-text.ts'
import { useClient } from './client.ts'
import { useLibrary } from './library.ts'
import { useSession } from './session.ts'

/** What lies at a path now, or why that cannot be told. */
export type Looked =
  | {
      readonly files: CorpusFiles
      /** Nothing is there: these are texts that the session keeps. */
      readonly kept: boolean
      readonly error: null
    }
  | { readonly files: null; readonly error: LamellaError }

/** What has become of the files that corpora name, and which of them the inspector asks about. */
export const useCorpora = defineStore('corpora', () => {
  const library = useLibrary()
  const session = useSession()
  const all = computed(() => library.items.filter(item => item.kind === 'corpus'))
  /** By path. */
  const looked = shallowRef<ReadonlyMap<string, Looked>>(new Map())
  /** The corpus that heads are scored over, and the model they are of; null for the text that is shown. */
  const scored = ref<{ readonly name: string; readonly modelId: string } | null>(null)

  async function look(path: string, signal?: AbortSignal): Promise<Looked> {
    const found = await useClient()
      .call('corpus.look', { path }, signal ? { signal } : {})
      .then(
        (there): Looked => ({ ...there, error: null }),
        (thrown: unknown): Looked => ({ files: null, error: toLamellaError(thrown) })
      )
    if (found.error?.code !== 'cancelled' && found.error?.code !== 'disconnected')
      looked.value = new Map([...looked.value, [path, found]])
    return found
  }

  /** Looks again at every file and folder that a corpus names and somebody here has asked for. */
  async function lookAtAll(): Promise<void> {
    const paths = new Set(all.value.flatMap(({ of }) => ('path' in of ? [of.path] : [])))
    await Promise.all([...paths].filter(isAsked).map(path => look(path)))
  }

  function isAsked(path: string): boolean {
    return isAskedFor(library.items, path)
  }

  /** Whether the session's file has the texts that a corpus is of. */
  function isInSession(of: FilesOfCorpus): boolean {
    return areTextsOf(session.file?.texts ?? [], of)
  }

  /** Whether what is read of a corpus are the texts that the session keeps. */
  function isReadAsKept({ of }: NamedCorpus): boolean {
    if (!('path' in of) || !isInSession(of)) return false
    if (!isAsked(of.path)) return true
    const now = looked.value.get(of.path)
    return now?.error === null && now.kept
  }

  /** Why a corpus is not what it was when it was kept; null when it is, or nobody has looked at files that were asked for. */
  function trouble({ of }: NamedCorpus): string | null {
    if (!('path' in of)) return null
    if (!isAsked(of.path)) return isInSession(of) ? null : 'came with a session, not looked for yet'
    const now = looked.value.get(of.path)
    if (!now) return null
    if (now.error) return now.error.message
    return now.files.mark === of.seen.mark
      ? null
      : `changed since it was kept: now ${filesText(now.files)}`
  }

  /** What is to be known of a corpus by its name: that it is not what it was, or is read as the session keeps it; null for nothing. */
  function told(corpus: NamedCorpus): string | null {
    const own = trouble(corpus) ?? (isReadAsKept(corpus) ? readAsKept : null)
    return own === null ? null : `“${visibleText(corpus.name)}”: ${own}`
  }

  /** What mends the trouble of a corpus; null where nothing here does. */
  function mend(corpus: NamedCorpus): { readonly title: string; readonly run: () => void } | null {
    const { name, of } = corpus
    if (!('path' in of)) return null
    const { path, seen } = of
    if (!isAsked(path)) return { title: 'Look for its files', run: () => void lookFor() }
    const now = looked.value.get(path)
    if (!now?.files || now.files.mark === seen.mark) return null
    return { title: 'Take it as it is now', run: () => void takeAsItIs() }

    async function lookFor(): Promise<void> {
      if (await library.put({ ...corpus, of: { path, seen } }, name)) await look(path)
    }

    async function takeAsItIs(): Promise<void> {
      const { files, error } = await look(path)
      if (files) await library.put({ ...corpus, of: { path, seen: files } }, name)
      else library.error = error
    }
  }

  /**
   * Looks whether files that are to be read are what they were when the corpus that names them was kept. A session's file
   * brings corpora along: files that nobody here has seen are neither looked for nor read for it, but what it keeps of them is.
   * @throws LamellaError `invalid-argument` where they are not
   */
  async function confirm(path: string, signal: AbortSignal): Promise<void> {
    const own = all.value.filter(({ of }) => 'path' in of && of.path === path)
    const [first] = own
    if (first === undefined)
      throw new LamellaError('invalid-argument', `${path}: is of no corpus that has a name`)
    const { error } = isAsked(path) ? await look(path, signal) : { error: null }
    if (error) throw error
    if (own.some(corpus => trouble(corpus) === null)) return
    throw new LamellaError(
      'invalid-argument',
      told(first)!,
      `Choose “${mend(first)!.title}” beside its name, or in its menu among the texts.`
    )
  }

  // Files change while another program is used.
  window.addEventListener('focus', () => void lookAtAll())

  return { all, looked, scored, look, lookAtAll, isReadAsKept, trouble, told, mend, confirm }
})

export const readAsKept = 'texts as the session kept them'

/** How much a corpus holds, such as `3 files, 12.4 KB`. */
export function corpusText({ of }: Pick<NamedCorpus, 'of'>): string {
  if ('path' in of) return filesText(of.seen)
  const characters = of.texts.reduce((sum, { input }) => sum + inputText(input).length, 0)
  return `${counted(of.texts.length, 'text')}, ${counted(characters, 'character')}`
}

export function filesText({ files, bytes, left }: CorpusFiles): string {
  return `${counted(files, 'file')}, ${bytesText(bytes)}${left > 0 ? `, ${exactCount(left)} left out` : ''}`
}
