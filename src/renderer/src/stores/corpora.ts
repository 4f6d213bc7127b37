import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { LamellaError, toLamellaError } from '#common/model/errors.ts'
import type { CorpusFiles, NamedCorpus } from '#common/model/library.ts'
import { inputText } from '#common/text/input-text.ts'
import { bytesText, counted, exactCount } from '#common/text/number-text.ts'
import { useClient } from './client.ts'
import { useLibrary } from './library.ts'

/** What lies at a path now, or why that cannot be told. */
export type Looked =
  | { readonly files: CorpusFiles; readonly error: null }
  | { readonly files: null; readonly error: LamellaError }

/** What has become of the files that corpora name, and which of them the inspector asks about. */
export const useCorpora = defineStore('corpora', () => {
  const library = useLibrary()
  const all = computed(() => library.items.filter(item => item.kind === 'corpus'))
  /** By path. */
  const looked = shallowRef<ReadonlyMap<string, Looked>>(new Map())
  /** The corpus that heads are scored over, and the model they are of; null for the text that is shown. */
  const scored = ref<{ readonly name: string; readonly modelId: string } | null>(null)

  async function look(path: string, signal?: AbortSignal): Promise<Looked> {
    const found = await useClient()
      .call('corpus.look', { path }, signal ? { signal } : {})
      .then(
        (files): Looked => ({ files, error: null }),
        (thrown: unknown): Looked => ({ files: null, error: toLamellaError(thrown) })
      )
    if (found.error?.code !== 'cancelled' && found.error?.code !== 'disconnected')
      looked.value = new Map([...looked.value, [path, found]])
    return found
  }

  /** Looks again at every file and folder that a corpus names. */
  async function lookAtAll(): Promise<void> {
    const paths = new Set(all.value.flatMap(({ of }) => ('path' in of ? [of.path] : [])))
    await Promise.all([...paths].map(path => look(path)))
  }

  /** Why a corpus is not what it was when it was kept; null when it is, or nobody has looked. */
  function trouble({ of }: NamedCorpus): string | null {
    const now = 'path' in of ? looked.value.get(of.path) : undefined
    if (!now || !('path' in of)) return null
    if (now.error) return now.error.message
    return now.files.mark === of.seen.mark
      ? null
      : `changed since it was kept: ${filesText(now.files)}`
  }

  /**
   * Looks whether files that are to be read are what they were when the corpus that names them was kept. A session's file
   * brings corpora along: files that nobody here has seen are not read for it.
   * @throws LamellaError `invalid-argument` where they are not
   */
  async function confirm(path: string, signal: AbortSignal): Promise<void> {
    const own = all.value.filter(({ of }) => 'path' in of && of.path === path)
    if (own.length === 0)
      throw new LamellaError('invalid-argument', `${path}: is of no corpus that has a name`)
    const { error } = await look(path, signal)
    if (error) throw error
    const troubles = own.map(trouble)
    if (troubles.includes(null)) return
    throw new LamellaError(
      'invalid-argument',
      `${path}: ${troubles[0]}`,
      'Choose “Take it as it is now” in the menu of the corpus, among the texts.'
    )
  }

  /** Takes the files of a corpus as they are now. */
  async function takeAsItIs(corpus: NamedCorpus): Promise<void> {
    const { of } = corpus
    if (!('path' in of)) return
    const { files, error } = await look(of.path)
    if (files) await library.put({ ...corpus, of: { path: of.path, seen: files } }, corpus.name)
    else library.error = error
  }

  // Files change while another program is used.
  window.addEventListener('focus', () => void lookAtAll())

  return { all, looked, scored, look, lookAtAll, trouble, confirm, takeAsItIs }
})

/** How much a corpus holds, such as `3 files, 12.4 KB`. */
export function corpusText({ of }: Pick<NamedCorpus, 'of'>): string {
  if ('path' in of) return filesText(of.seen)
  const characters = of.texts.reduce((sum, { input }) => sum + inputText(input).length, 0)
  return `${counted(of.texts.length, 'text')}, ${counted(characters, 'character')}`
}

export function filesText({ files, bytes, left }: CorpusFiles): string {
  return `${counted(files, 'file')}, ${bytesText(bytes)}${left > 0 ? `, ${exactCount(left)} left out` : ''}`
}
