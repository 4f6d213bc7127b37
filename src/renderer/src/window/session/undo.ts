import { defineStore } from 'pinia'
import { computed, nextTick, ref, shallowRef, watch } from 'vue'
import { LamellaError, toLamellaError } from '#common/model/errors.ts'
import type { ModelMove, ModelRef } from '#common/model/model-ref.ts'
import { useFigurePanels } from '../../stores/figure-panels.ts'
import { useLibrary } from '../../stores/library.ts'
import { useModels } from '../../stores/models.ts'
import {
  noHistory,
  position,
  redone,
  sealed,
  undone,
  withStep,
  type History,
  type Step
} from '../../stores/session-history.ts'
import { useRuns } from '../../stores/runs.ts'
import { useSession } from '../../stores/session.ts'
import { useTabs } from '../../stores/tabs.ts'
import { useWorkspace } from '../../stores/workspace.ts'
import { tabTitle } from '../tab-title.ts'
import { changeBetween, type Change } from './change.ts'
import { leaveHistory, takeHistory } from './kept-history.ts'
import { relocatedModel, speakOf, speakThere } from './relocate-model.ts'
import { modelsOf, sessionValue, type SessionValue } from './session-value.ts'
import { takeTo } from './take-to.ts'

/** A model that the window speaks of elsewhere now: the session before and after that. */
interface Moved {
  readonly before: SessionValue
  readonly after: SessionValue
  readonly move: ModelMove
}

/** How a step is taken back or done again. */
interface Way {
  readonly from: SessionValue
  readonly to: SessionValue
  readonly move: ModelMove | undefined
  /** Where the history stands after it. */
  readonly stands: (history: History<SessionValue>) => History<SessionValue>
  readonly said: string
}

/** What was done to the session in this window, also before it was loaded anew, to be taken back step by step and done again. */
export const useUndo = defineStore('undo', () => {
  const library = useLibrary()
  const models = useModels()
  const workspace = useWorkspace()
  const history = shallowRef<History<SessionValue>>(noHistory)
  const session = useSession()
  const runs = useRuns()
  const tabs = useTabs()
  const panels = useFigurePanels()
  let present: SessionValue | null = null
  /** Where the history stood as the session was saved; null where it differed from that as the window was opened. */
  let saved: number | null = null
  /** Changes of what the library keeps that are no steps. */
  let keeping = 0
  /** Changes under way that are no steps. */
  let quiet = 0

  const names = { tab: tabTitle, model: (path: string) => models.nameAt(path) }
  const last = computed(() => history.value.past.at(-1) ?? null)
  const next = computed(() => history.value.future.at(-1) ?? null)

  /** How many steps were asked for and are not taken yet. */
  const waiting = ref(0)
  let begin: () => void
  /** What is asked for next waits for this: at first until the window is as it was left, and with it what was done to it. */
  let turn: Promise<unknown> = new Promise<void>(resolve => (begin = resolve))

  watch(
    () => workspace.ready,
    ready => {
      if (!ready || present) return
      present = sessionValue()
      saved = goOn(present)
      window.addEventListener('pagehide', leave)
      watch(sessionValue, note, { flush: 'post' })
      watch(history, now => (session.changed = position(now) !== saved))
      // Sync: of what is not there any more nothing is asked. What was found before is taken as the window is put back.
      watch(
        () => session.found,
        () => void takeFound(),
        { flush: 'sync' }
      )
      watch(
        () => session.file ?? session.awaited,
        (file, before) => {
          // What was saved is nowhere any more.
          if (before && !file) saved = null
        },
        { flush: 'sync' }
      )
      begin()
    },
    { immediate: true }
  )

  /**
   * Goes on with what this page did before it was loaded anew, where it has the same session.
   * @returns where the history stood as the session was saved
   */
  function goOn(now: SessionValue): number | null {
    const left = takeHistory(workspace.version, now)
    // Texts and what has a name may be others by now: steps change nothing but what they are of.
    const { texts, ids, edits, items } = now
    const then = left && { ...left.present, texts, ids, edits, items }
    const isSame = then !== null && changeBetween(then, now, names) === null
    if (isSame) history.value = left!.history
    if (!session.changed) return position(history.value)
    return isSame && left!.fileAt === fileAt() ? left!.saved : null
  }

  function leave(): void {
    const { version } = workspace
    leaveHistory({ version, history: history.value, present: present!, saved, fileAt: fileAt() })
  }

  function fileAt(): number | null {
    return session.file?.saved.at ?? null
  }

  function note(value: SessionValue): void {
    if (quiet > 0) return
    const then = present!
    const asked = {
      tabs: { ...then.tabs, tabs: tabs.withUnasked(then.tabs.tabs) },
      texts: runs.withUnasked(then.texts)
    }
    const before = { ...then, ...ofOthers(value), ...asked }
    present = value
    const change = changeBetween(before, value, names)
    if (change === null) {
      // A model that came without being a step is not one with what was typed before.
      if (modelsOf(value).some(path => !modelsOf(before).includes(path))) seal()
      return
    }
    const joins = ofDrawnAnew(before, value) ?? change.joins
    const done = { ...change, joins, before, after: value, at: Date.now() }
    history.value = withStep(history.value, done)
  }

  /** A view that is opened for a panel to be drawn anew, and that panel then, are one step. */
  function ofDrawnAnew(before: SessionValue, after: SessionValue): Change['joins'] {
    const { opened } = panels
    if (opened === null) return null
    const has = ({ tabs }: SessionValue) => tabs.tabs.some(({ id }) => id === opened)
    const isOpening = has(after) && !has(before)
    if (!isOpening && before.figures === after.figures) return null
    return { key: `drawn anew by ${opened}`, within: Infinity }
  }

  /** What changed without anything being done here: by another window, or as something is taken back. */
  function ofOthers({ items, forgotten }: SessionValue): Partial<SessionValue> {
    if (keeping > 0) return { items, forgotten }
    return library.changedHere ? {} : { items }
  }

  /** What is asked for is done one after the other, whatever each waits for. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    waiting.value++
    const done = turn.then(work).finally(() => waiting.value--)
    turn = done.catch(() => undefined)
    return done
  }

  async function take(from: SessionValue, to: SessionValue): Promise<void> {
    const kept = takeTo(from, to)
    present = sessionValue()
    await keepingQuietly(() => kept)
  }

  /** Changes what the library keeps without that being a step; what else is done meanwhile is. */
  async function keepingQuietly<T>(work: () => Promise<T>): Promise<T> {
    keeping++
    try {
      return await work()
    } finally {
      keeping--
    }
  }

  /** Changes the session without that being a step. */
  async function quietly<T>(work: () => Promise<T>): Promise<T> {
    quiet++
    try {
      return await work()
    } finally {
      present = sessionValue()
      quiet--
    }
  }

  /** Nothing goes on with the last step any more. @returns where the history stands */
  function seal(): number {
    history.value = sealed(history.value)
    return position(history.value)
  }

  /** The session as it was where the history stood is the one that is saved. */
  function noteSaved(at: number): void {
    saved = at
    session.changed = position(history.value) !== at
  }

  /**
   * Says where a model of the session lies now, as a step: those before it are of where it was.
   * @throws LamellaError where what lies there is another model
   */
  async function move(from: ModelRef, to: string): Promise<void> {
    const { id } = session.file!
    const { opening } = await inTurn(async () => {
      const moved = await relocate(id, from, to)
      noteMove(moved)
      return moved
    })
    await opening
  }

  /** Has the window speak of models where they were found, a step each, as where one is pointed to. */
  async function takeFound(): Promise<void> {
    for (const move of session.takeFound())
      noteMove(await spoken(move, () => speakThere(move)), 'found')
  }

  function noteMove({ before, after, move }: Moved, done = 'pointed to'): void {
    const label = `${done} ${models.nameAt(move.to.path)}`
    const step = { label, before, after, joins: null, deleted: null, at: Date.now() }
    history.value = withStep(history.value, { ...step, moved: move })
  }

  async function relocate(id: string, from: ModelRef, to: string | ModelRef) {
    const found = await relocatedModel(id, from, to)
    return spoken({ from, to: found.model }, () => speakOf(from, found))
  }

  /** @param speak has the window speak of a model where it lies now */
  async function spoken(move: ModelMove, speak: () => Promise<void>) {
    const before = present!
    const { opening } = await quietly(async () => {
      const opening = speak()
      await nextTick()
      return { opening }
    })
    return { before, after: present!, move, opening }
  }

  /** @returns null where the model stays where it is, which is said */
  async function movedBy(step: Step<SessionValue>, { from, to }: ModelMove): Promise<Moved | null> {
    const id = session.file?.id
    try {
      if (id === undefined)
        throw new LamellaError(
          'not-found',
          'The session’s file is not open',
          'Save the session as another file first.'
        )
      return await relocate(id, from, to)
    } catch (thrown) {
      // What is to be known of the session that is there by now is not that.
      if (session.file?.id !== id) return null
      const title = `“${step.label}” stays as it is.`
      session.notice = { title, lines: [], error: toLamellaError(thrown) }
      return null
    }
  }

  /** Has another session take the place of this one: nothing of it was done yet. */
  async function restart<T>(show: () => Promise<T>): Promise<T> {
    history.value = { ...noHistory, count: history.value.count }
    const shown = await quietly(show)
    tabs.closed = []
    noteSaved(seal())
    return shown
  }

  function undo(): Promise<void> {
    return inTurn(async () => {
      const step = last.value
      if (!step) return
      const { after: from, before: to, moved } = step
      const move = moved && { from: moved.to, to: moved.from }
      await go(step, { from, to, move, stands: undone, said: 'undone' })
    })
  }

  function redo(): Promise<void> {
    return inTurn(async () => {
      const step = next.value
      if (!step) return
      const { before: from, after: to, moved: move } = step
      await go(step, { from, to, move, stands: redone, said: 'done again' })
    })
  }

  async function go(
    step: Step<SessionValue>,
    { from, to, move, stands, said }: Way
  ): Promise<void> {
    if (!move) {
      tell()
      return take(from, to)
    }
    const { count } = history.value
    const moved = await movedBy(step, move)
    // What was done while the model was looked at comes before that it is elsewhere.
    if (moved && history.value.count !== count) noteMove(moved)
    else if (moved) tell()

    function tell(): void {
      history.value = stands(history.value)
      workspace.say(`${said}: ${step.label}`)
    }
  }

  return {
    last,
    next,
    busy: computed(() => waiting.value > 0),
    inTurn,
    keepingQuietly,
    seal,
    noteSaved,
    move,
    restart,
    undo,
    redo
  }
})
