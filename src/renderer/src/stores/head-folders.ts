import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { HeadVisFacts } from '#common/analysis/head-sequences/headvis-profile.ts'
import type { Run } from '#common/contract/schemas.ts'
import { toLamellaError, type LamellaError } from '#common/model/errors.ts'
import { counted } from '#common/text/number-text.ts'
import { visibleText } from '#common/text/visible-text.ts'
import { scoringSeed, subjectOver, type ScoredOver } from './analyses.ts'
import { afterBreak } from './after-break.ts'
import { useClient } from './client.ts'
import { useExports } from './exports.ts'
import { lastPart } from '#common/text/last-part.ts'
import { useTasks } from './tasks.ts'
import { useWindow } from './window.ts'

/** What is done with a HeadVis folder that is asked for. */
export type FolderUse = 'read' | 'write'

/** HeadVis folders: what is asked for, and the one that is written. */
export const useHeadFolders = defineStore('head-folders', () => {
  const tasks = useTasks()
  const use = ref<FolderUse>('read')
  /** What failed last of reading and of writing, until that is said. */
  const failures = shallowRef<Readonly<Record<FolderUse, LamellaError | null>>>({
    read: null,
    write: null
  })
  /** Why what is asked for now could not be done. */
  const error = computed(() => failures.value[use.value])
  afterBreak(() => {
    for (const of of ['read', 'write'] as const)
      if (failures.value[of]?.code === 'disconnected') dismiss(of)
  })
  /** How far the one is that is written; null while none is. */
  const writing = computed(() => (task.value === null ? null : tasks.taskOf(task.value)))
  const task = ref<number | null>(null)

  /** Asks for a folder. */
  function ask(wanted: FolderUse): void {
    if (wanted !== use.value) dismiss(use.value)
    use.value = wanted
    useWindow().dialog = 'headvis'
  }

  /** What failed has been said. */
  function dismiss(of: FolderUse = use.value): void {
    fail(of, null)
  }

  function fail(of: FolderUse, error: LamellaError | null): void {
    failures.value = { ...failures.value, [of]: error }
  }

  /** What a folder is of; null where it cannot be read, which `error` then says. */
  async function read(path: string): Promise<HeadVisFacts | null> {
    dismiss('read')
    try {
      return await tasks.track('Reading the HeadVis folder', options =>
        useClient().call('headvis.read', { path }, options)
      )
    } catch (thrown) {
      fail('read', toLamellaError(thrown))
      return null
    }
  }

  /** Writes all heads of a run's model. It goes on when the dialog is left, which comes again to say that it failed. */
  async function write(path: string, run: Run, over: ScoredOver): Promise<boolean> {
    dismiss('write')
    const texts = over.corpus?.name ?? 'text'
    const asked = { path, of: subjectOver(run, over), seed: scoringSeed, texts }
    try {
      const { files } = await tasks.track('Writing the HeadVis folder', (options, id) => {
        task.value = id
        return useClient().call('headvis.write', asked, options)
      })
      const name = visibleText(lastPart(path))
      useExports().tell({ name, done: `is written, ${counted(files, 'file')}`, without: [] })
      return true
    } catch (thrown) {
      const error = toLamellaError(thrown)
      fail('write', error)
      if (error.code !== 'cancelled' && useWindow().dialog === null) ask('write')
      return false
    } finally {
      task.value = null
    }
  }

  return { use, error, writing, ask, dismiss, read, write }
})
