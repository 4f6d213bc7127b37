import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { toLamellaError, type LamellaError } from '#common/model/errors.ts'
import {
  freeName,
  itemKey,
  mostPast,
  withoutRuns,
  withRuns,
  type Library,
  type LibraryItem,
  type NamedText,
  type PastRun
} from '#common/model/library.ts'
import type { RunInput } from '#common/model/run-input.ts'
import { distinctNames, nameText } from '#common/text/distinct-names.ts'
import { visibleText } from '#common/text/visible-text.ts'
import { forgetAfterBreak } from './after-break.ts'
import { useClient } from './client.ts'
import { sameInput } from './carried.ts'
import { useModels } from './models.ts'
import { useSession } from './session.ts'
import { useStatus } from './status.ts'

/** Something that is being made or changed in a dialog. */
export interface Drafted {
  readonly item: LibraryItem
  /** Name of the item that it takes the place of; null for a new one. */
  readonly instead: string | null
}

/** What was run, newest first, and what has a name, as the workbench keeps them for all windows. */
export const useLibrary = defineStore('library', () => {
  const models = useModels()
  const session = useSession()
  const status = useStatus()
  const history = shallowRef<readonly PastRun[]>([])
  const items = shallowRef<readonly LibraryItem[]>([])
  const texts = computed(() => items.value.filter(item => item.kind === 'text'))
  const layouts = computed(() => items.value.filter(item => item.kind === 'layout'))
  /** Texts that were run, each once, newest first. */
  const inputs = computed(() =>
    history.value
      .map(({ source }) => source.input)
      .filter((input, i, all) => all.findIndex(other => sameInput(other, input)) === i)
  )
  /** Why what was asked for last was not kept. */
  const error = shallowRef<LamellaError | null>(null)
  forgetAfterBreak(error)
  /** Past runs that this window deleted. */
  const forgotten = shallowRef<readonly PastRun[]>([])
  /** Keys of what this window made or changed since its session began: it is of the session, whatever reads it. */
  const made = shallowRef<ReadonlySet<string>>(new Set())
  const drafted = shallowRef<Drafted | null>(null)
  let loading: Promise<void> = Promise.resolve()
  /** Changes that this window has asked for and that are not answered yet. */
  let asking = 0
  /** Whether what changed last was asked for by this window. */
  const changedHere = ref(false)
  /** The item whose name is being typed where it is listed. */
  const renaming = ref<Pick<LibraryItem, 'kind' | 'name'> | null>(null)

  const modelNames = computed(() => {
    const ran = history.value.map(({ modelName: name, source }) => ({
      name: visibleText(name),
      path: source.model.path
    }))
    return distinctNames([...ran, ...models.open])
  })

  /** What the model of a run is called, told apart from the open ones and from those of other runs. */
  function modelNameOf({ source }: PastRun): string {
    return nameText(modelNames.value.get(source.model.path)!)
  }

  /** Whether a run is of other files than those that are open at their path, or ran there last. */
  function isOfOtherFiles({ source: { model } }: PastRun): boolean {
    const ran = history.value.map(({ source }) => source.model)
    const now = [...models.open, ...ran].find(({ path }) => path === model.path)
    return now !== undefined && !session.isOf(now, model.fingerprint)
  }

  /** Follows what any window changes from now on. */
  function follow(): void {
    useClient().on('library', take)
    loading = load()
    watch(() => status.reconnections, load)
    // Another program on the same folder tells nothing.
    window.addEventListener('focus', () => void load())
  }

  /** Waits until it is known what there is, as far as that can be had. */
  function loaded(): Promise<void> {
    return loading
  }

  async function load(): Promise<void> {
    try {
      take(await useClient().call('library.get', {}))
    } catch (thrown) {
      const failure = toLamellaError(thrown)
      // It is asked for again once the connection is back.
      if (failure.code !== 'disconnected') error.value = failure
    }
  }

  function take(library: Library): void {
    changedHere.value = asking > 0
    history.value = library.history
    items.value = library.items
  }

  /** Notes what was run; where nothing can be written it is known until the window goes, and the status bar says so. */
  function remember(past: PastRun): void {
    history.value = withRuns(history.value, [past])
    useClient()
      .call('library.remember', { runs: [past] })
      .catch(() => undefined)
  }

  /** Notes what ran as it did before, where that is not known: else it stays where it is in the list. */
  async function rememberNew(past: PastRun): Promise<void> {
    await loaded()
    if (withoutRuns([past], [...history.value, ...session.runs]).length > 0) remember(past)
  }

  function forget(runs: readonly PastRun[]): Promise<boolean> {
    return asked(async () => {
      history.value = withoutRuns(history.value, runs)
      await useClient().call('library.forget', { runs: [...runs] })
      forgotten.value = [...forgotten.value, ...runs]
      session.forget(runs)
    })
  }

  /** Takes runs back that were deleted. */
  function remind(runs: readonly PastRun[]): Promise<boolean> {
    return asked(async () => {
      await useClient().call('library.remember', { runs: [...runs] })
      forgotten.value = withoutRuns(forgotten.value, runs)
      session.remind(runs)
    })
  }

  /** Takes what was run elsewhere, such as in a session, as far as there is room: nothing of its own gives way. */
  async function takeRuns(runs: readonly PastRun[]): Promise<void> {
    const more = withoutRuns(runs, history.value)
    const room = Math.max(0, mostPast - history.value.length)
    if (more.length > 0 && room > 0) await remind(more.slice(0, room))
  }

  /** Keeps an item; false where that is refused, and `error` says why. */
  function put(item: LibraryItem, instead: string | null = null): Promise<boolean> {
    return asked(async () => {
      await useClient().call('library.put', { item, instead })
      made.value = new Set([...made.value, itemKey(item)])
    })
  }

  /** Keeps an item under its name or one like it, which can be typed anew at once where it is listed. */
  async function add<T extends LibraryItem>(item: T): Promise<void> {
    const named = withFreeName(item)
    if (await put(named)) renaming.value = { kind: named.kind, name: named.name }
  }

  /** An item under its name or, where that is taken, one like it. */
  function withFreeName<T extends LibraryItem>(item: T): T {
    return { ...item, name: freeName(items.value, item.kind, item.name) }
  }

  function rename(item: LibraryItem, name: string): Promise<boolean> {
    return put({ ...item, name }, item.name)
  }

  function remove({ kind, name }: LibraryItem): Promise<boolean> {
    return asked(() => useClient().call('library.remove', { kind, name }))
  }

  /** Whether it was done. */
  async function asked(work: () => Promise<unknown>): Promise<boolean> {
    error.value = null
    asking++
    try {
      await work()
      return true
    } catch (thrown) {
      error.value = toLamellaError(thrown)
      return false
    } finally {
      asking--
    }
  }

  /** The text that has a name, where this one has. */
  function named(input: RunInput): NamedText | undefined {
    return texts.value.find(text => sameInput(text.input, input))
  }

  return {
    history,
    items,
    texts,
    layouts,
    inputs,
    error,
    forgotten,
    made,
    changedHere,
    drafted,
    renaming,
    modelNameOf,
    isOfOtherFiles,
    follow,
    loaded,
    remember,
    rememberNew,
    forget,
    remind,
    takeRuns,
    put,
    add,
    withFreeName,
    rename,
    remove,
    named
  }
})
