import { defineStore } from 'pinia'
import { computed, nextTick, ref, shallowRef } from 'vue'
import { emptySessionWindow, type SessionWindow } from '#common/contract/session-window.ts'
import type { CallOptions } from '#common/contract/rpc.ts'
import type { OpenSession, SessionSizes } from '#common/contract/session.ts'
import { LamellaError, toLamellaError } from '#common/model/errors.ts'
import type { ModelRef } from '#common/model/model-ref.ts'
import { isOfAnotherMachine } from '#common/model/other-machine.ts'
import { inItsDirection } from '#common/text/token-text.ts'
import type { Keep } from '#common/model/session.ts'
import { until } from '../../reactive/until.ts'
import { forgetAfterBreak } from '../../stores/after-break.ts'
import { useClient } from '../../stores/client.ts'
import { useLibrary } from '../../stores/library.ts'
import { setLookedAt } from '../../stores/looked-at.ts'
import { useModels } from '../../stores/models.ts'
import { useRuns } from '../../stores/runs.ts'
import { fileOf, sessionName, useSession } from '../../stores/session.ts'
import { useTabs } from '../../stores/tabs.ts'
import { useTasks } from '../../stores/tasks.ts'
import { useWindow } from '../../stores/window.ts'
import { useWorkspace } from '../../stores/workspace.ts'
import { bringSession, type BroughtSession } from './bring-session.ts'
import { ownRuns, sessionContent, sessionTexts } from './content.ts'
import { useUndo } from './undo.ts'

/** What is to be done once it is said what becomes of what is not saved. */
interface Asking {
  /** What it would replace the session by. */
  readonly title: string
  readonly go: () => Promise<void>
}

const notAsked = 'lies on another machine, which is not asked before you are'

/** The session as a document: made anew, opened, saved. What fails is said, and nothing is lost by it. */
export const useDocument = defineStore('document', () => {
  const library = useLibrary()
  const models = useModels()
  const panels = useWindow()
  const runs = useRuns()
  const session = useSession()
  const tabs = useTabs()
  const tasks = useTasks()
  const undo = useUndo()
  const workspace = useWorkspace()

  const recent = shallowRef<readonly { name: string; path: string; at: number }[]>([])
  /** Paths of recent ones that are not there any more, as far as that is known. */
  const missing = shallowRef<ReadonlySet<string>>(new Set())
  const asking = shallowRef<Asking | null>(null)
  /** What is done once the session is saved, which was asked for. */
  let afterSaving: (() => Promise<void>) | null = null
  const saving = ref(false)
  const task = ref<number | null>(null)
  /** How far the session is that is being saved, whatever is done for that; null while none is. */
  const progress = computed(() => (task.value === null ? null : tasks.taskOf(task.value)))
  /** How many sessions were asked for. */
  let asked = 0
  /** Ends with the saving that goes on, or went on last. */
  let underWay: Promise<unknown> = Promise.resolve()
  /** What could not be done; `unsaved` where it was saving, which may be done elsewhere. */
  const error = shallowRef<{
    readonly title: string
    readonly error: LamellaError
    readonly unsaved?: boolean
  } | null>(null)
  forgetAfterBreak(error)
  const canSaveHere = computed(() => session.file !== null && session.file.readOnly === null)

  async function refreshRecent(): Promise<void> {
    recent.value = await useClient()
      .call('sessions.recent', {})
      .catch(() => recent.value)
    const gone = await useClient()
      .call('sessions.missing', {})
      .catch(() => [])
    missing.value = new Set(gone)
  }

  /** Leaves a session out of those that are listed; its file, where there is one, stays. */
  async function forget(path: string): Promise<void> {
    try {
      await useClient().call('sessions.forget', { path })
    } catch (thrown) {
      fail('The session could not be removed from the list', thrown)
    }
    await refreshRecent()
  }

  /** Does what replaces the session, once it is saved where that goes on, and it is said what becomes of changes in it. */
  async function replacing(title: string, go: () => Promise<void>): Promise<void> {
    // What is being put back would go on in the place of what is asked for.
    await until(() => workspace.ready)
    await underWay
    if (!session.changed || isNothing()) return go()
    asking.value = { title, go }
    panels.dialog = 'unsaved'
  }

  /** Whether there is nothing to be saved: no file, and nothing in the window but models. */
  function isNothing(): boolean {
    const { file, notes, findings, figures } = session
    return (
      file === null && [tabs.tabs, notes, findings, figures].every(({ length }) => length === 0)
    )
  }

  /** @param save whether what was done is saved first */
  async function answer(save: boolean): Promise<void> {
    const go = asking.value?.go
    asking.value = null
    panels.dialog = null
    if (!go) return
    if (!save) {
      // One that is being saved is the one that is left.
      await underWay
      return go()
    }
    afterSaving = go
    await saveOrAsk()
  }

  function startNew(): Promise<void> {
    return replacing('A new session', async () => {
      asked++
      for (const { path } of models.failures) models.dismissFailure(path)
      // What stood in for a model was of the session that is left: one that is there is taken itself.
      const aside = models.open.filter(({ absent }) => absent === 'aside')
      for (const { path, absent } of models.open)
        if (absent && absent !== 'aside') void models.leave(path)
      const model = models.pathOf(tabs.scope)
      session.close()
      for (const { path } of aside) void takeItself(path)
      session.notice = null
      session.began = Date.now()
      library.made = new Set()
      session.take({ notes: [], findings: [], figures: [], runs: [] })
      const { opening } = await undo.restart(() => {
        runs.leaveAll()
        return show(emptySessionWindow(tabs.group, model))
      })
      workspace.say('a new session')
      await opening
    })
  }

  /** Takes a model in place of what stood in for it; where it cannot be had, it is none of the window's. */
  async function takeItself(path: string): Promise<void> {
    const { model } = await models.openPath(path, null, { as: null })
    if (!model || model.absent) await models.leave(path)
  }

  function open(path: string): Promise<void> {
    const name = `“${inItsDirection(sessionName(path))}”`
    const isSame = path === session.file?.path
    return replacing(isSame ? `${name} as its file has it` : name, () => openNow(path))
  }

  async function openNow(path: string): Promise<void> {
    error.value = null
    const own = ++asked
    try {
      const before = undo.last?.number
      const opened = await tasks.track(`Opening ${sessionName(path)}`, options =>
        useClient().call('sessions.open', { path }, { ...options, onLate: letGo })
      )
      // What is being saved is the session that is left: it ends first.
      await underWay
      const brought = await bringSession(opened.content)
      // One that was asked for later takes its place.
      if (own !== asked) letGo(opened)
      else if (undo.last?.number === before) await take(opened, brought)
      else {
        letGo(opened)
        await open(path)
      }
    } catch (thrown) {
      if (own === asked) fail('The session could not be opened', thrown)
    }
    void refreshRecent()
  }

  /** Has a session that was opened be the one of the window. */
  async function take(opened: OpenSession, brought: BroughtSession): Promise<void> {
    const { content } = opened
    const file = fileOf(opened)
    const { window, findings, figures } = brought
    if (!window) {
      letGo(opened)
      throw new LamellaError(
        'unsupported',
        `${file.path}: its tabs are of another version of Lamella`
      )
    }
    if (session.file?.id !== file.id) session.close()
    session.file = file
    session.began = Date.now()
    library.made = new Set()
    session.take({ ...content, findings, figures })
    // What the session keeps stands in for a model of its own.
    const kept = new Set(file.models.map(({ ref }) => ref.path))
    const unasked = window.models.filter(path => isOfAnotherMachine(path) && !kept.has(path))
    const asked = { ...window, models: window.models.filter(path => !unasked.includes(path)) }
    const { opening } = await undo.restart(() => {
      // What is open may be other files of the same path.
      models.leaveAll()
      runs.leaveAll()
      return show(asked)
    })
    const lines = [...file.notes, ...unasked.map(path => `${path}: ${notAsked}`)]
    session.notice = lines.length === 0 ? null : { title: `“${session.name}” is open.`, lines }
    await brought.keep()
    await opening
  }

  /** Leaves a session that was opened, unless it is that of the window. */
  function letGo({ id }: Pick<OpenSession, 'id'>): void {
    if (session.file?.id !== id) void useClient().call('sessions.close', { id })
  }

  /** Puts another window in the place of what is there. @returns once its tabs stand, what ends once its models are open */
  async function show(window: SessionWindow): Promise<{ readonly opening: Promise<void> }> {
    setLookedAt(window.lookedAt)
    const opening = workspace.restoreSession(window)
    await nextTick()
    return { opening }
  }

  /** Saves to the session's file; where that cannot be, it is asked where. */
  async function saveOrAsk(): Promise<void> {
    const { file } = session
    if (!file || !canSaveHere.value) panels.dialog = 'save'
    else await save(file.path, file.saved.keep, false)
  }

  /** @returns whether it is saved; else `error` says why, or a name that is taken is to be confirmed */
  async function save(path: string, keep: Keep, replace: boolean): Promise<boolean> {
    const work = write(path, keep, replace)
    underWay = work
    if (!(await work)) {
      // Where it is still asked where, another try may follow.
      if (panels.dialog !== 'save') dropWaiting()
      return false
    }
    const go = afterSaving
    afterSaving = null
    await go?.()
    return true
  }

  /** @returns whether it is written */
  async function write(path: string, keep: Keep, replace: boolean): Promise<boolean> {
    error.value = null
    saving.value = true
    try {
      const { id, done, past, items, at } = await tasks.track(
        'Saving the session',
        (options, taskId) => {
          task.value = taskId
          return written(path, keep, replace, options)
        }
      )
      const before = session.file
      // Another session took its place meanwhile.
      if ((before?.id ?? null) !== id) {
        letGo(done)
        return true
      }
      if (before && before.id !== done.id)
        void useClient().call('sessions.close', { id: before.id })
      session.file = { ...done, library: items, readOnly: null, moves: [] }
      session.setRuns(past)
      const lines = done.notes
      session.notice = lines.length === 0 ? null : { title: `“${session.name}” is saved.`, lines }
      undo.noteSaved(at)
      void workspace.saveNow()
      workspace.say(`saved “${session.name}”`)
      void refreshRecent()
    } catch (thrown) {
      fail('The session could not be saved', thrown, true)
      return false
    } finally {
      saving.value = false
    }
    return true
  }

  /** Waits until the window is as it was left, its library is known, and all is done that was asked for before, such as a step back. */
  async function settled(signal: AbortSignal): Promise<void> {
    await library.loaded()
    await until(() => workspace.ready && !undo.busy, signal)
  }

  /** Writes what is here once that has settled. */
  async function written(
    path: string,
    keep: Keep,
    replace: boolean,
    options: Required<CallOptions>
  ) {
    await settled(options.signal)
    // What is asked for next, such as where a model lies, is asked of the session as it is then.
    const { writing, ...as } = await undo.inTurn(async () => {
      options.signal.throwIfAborted()
      const { id, readOnly } = session.file ?? { id: null, readOnly: null }
      const [past, at] = [ownRuns(), undo.seal()]
      const content = sessionContent()
      const texts = sessionTexts(content)
      const asked = { id, path, keep, replace, elsewhere: readOnly !== null, ...texts }
      // What comes back after the end of all is never older than the file.
      await workspace.saveNow(options.signal)
      options.signal.throwIfAborted()
      const writing = useClient().call('sessions.save', asked, { ...options, onLate: letGo })
      return { writing, id, past, items: content.library, at }
    })
    return { ...as, done: await writing }
  }

  /** The session stays as it is. */
  function leaveAsking(): void {
    asking.value = null
    panels.dialog = null
  }

  /** What was to be done after saving is not, where it was not saved. */
  function dropWaiting(): void {
    afterSaving = null
  }

  /** What the file would take by what it keeps. */
  async function sizes(signal: AbortSignal): Promise<SessionSizes> {
    await settled(signal)
    const id = session.file?.id ?? null
    return useClient().call('sessions.sizes', { id, ...sessionTexts(sessionContent()) }, { signal })
  }

  /** Says where a model of the session lies now: all of the window speaks of it there from then on. */
  async function relocate(from: ModelRef, to: string): Promise<LamellaError | null> {
    await underWay
    try {
      if (!session.file)
        throw new LamellaError(
          'not-found',
          `${from.path}: the session that it was of is not open any more`,
          'Open that session again.'
        )
      await undo.move(from, to)
      return null
    } catch (thrown) {
      fail('The model could not be taken', thrown)
      return toLamellaError(thrown)
    }
  }

  /** Looks whether a file that is read-only can be saved now, and says that. */
  async function lookWhetherFree(): Promise<void> {
    const { name } = session
    const isKnown = await session.retry()
    if (session.name !== name) return
    const is = session.file?.readOnly === null ? 'can be saved now' : 'is still read-only'
    workspace.say(`“${name}” ${isKnown ? is : 'could not be looked at'}`)
  }

  /** Says what could not be done with the session; nothing of what was cancelled. */
  function fail(title: string, thrown: unknown, unsaved = false): void {
    const failure = toLamellaError(thrown)
    if (failure.code !== 'cancelled') error.value = { title, error: failure, unsaved }
  }

  return {
    recent,
    missing,
    asking,
    saving,
    progress,
    error,
    canSaveHere,
    refreshRecent,
    forget,
    answer,
    leaveAsking,
    startNew,
    open,
    saveOrAsk,
    save,
    dropWaiting,
    sizes,
    relocate,
    lookWhetherFree,
    fail
  }
})
