import { defineStore } from 'pinia'
import { computed, nextTick, shallowRef, watch } from 'vue'
import { toLamellaError } from '#common/model/errors.ts'
import type { ModelRef } from '#common/model/model-ref.ts'
import { until } from '../../reactive/until.ts'
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
import { useSession } from '../../stores/session.ts'
import { useTabs } from '../../stores/tabs.ts'
import { useWorkspace } from '../../stores/workspace.ts'
import { tabTitle } from '../tab-title.ts'
import { changeBetween, type Change } from './change.ts'
import { leaveHistory, takeHistory } from './kept-history.ts'
import { relocatedModel, speakOf } from './relocate-model.ts'
import { sessionValue, type SessionValue } from './session-value.ts'
import { takeTo } from './take-to.ts'

/** What was done to the session in this window, also before it was loaded anew, to be taken back step by step and done again. */
export const useUndo = defineStore('undo', () => {
  const library = useLibrary()
  const models = useModels()
  const workspace = useWorkspace()
  const history = shallowRef<History<SessionValue>>(noHistory)
  const session = useSession()
  const tabs = useTabs()
  const panels = useFigurePanels()
  let present: SessionValue | null = null
  /** Where the history stood as the session was saved; null where it differed from that as the window was opened. */
  let saved: number | null = null
  /** Steps that are taken back or done again and wait for what the library keeps. */
  let underWay = 0
  /** Changes under way that are no steps. */
  let quiet = 0
  /** A model that is being looked at where it lies; what is taken back waits for that. */
  let moving: Promise<unknown> | null = null

  const names = { tab: tabTitle, model: (path: string) => models.nameAt(path) }
  const last = computed(() => history.value.past.at(-1) ?? null)
  const next = computed(() => history.value.future.at(-1) ?? null)

  let begin: () => void
  /** Ends once the window is as it was left, and with it what was done to it. */
  const begun = new Promise<void>(resolve => (begin = resolve))

  watch(
    () => workspace.ready,
    ready => {
      if (!ready || present) return
      present = sessionValue()
      saved = goOn(present)
      window.addEventListener('pagehide', leave)
      watch(sessionValue, note, { flush: 'post' })
      watch(history, now => (session.changed = position(now) !== saved))
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
    const then = present!.tabs
    const asked = { ...then, tabs: tabs.withUnasked(then.tabs) }
    const before = { ...present!, ...ofOthers(value), tabs: asked }
    present = value
    const change = changeBetween(before, value, names)
    if (change === null) return
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
    if (underWay > 0) return { items, forgotten }
    return library.changedHere ? {} : { items }
  }

  async function take(from: SessionValue, to: SessionValue): Promise<void> {
    // A model that is on its way back closes once it is there.
    const gone = from.models.filter(path => !to.models.includes(path))
    await until(() => !gone.some(path => models.coming.includes(path)))
    const { opening, keeping } = takeTo(from, to)
    present = sessionValue()
    underWay++
    try {
      await keeping
    } finally {
      underWay--
    }
    await opening
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
    const { before, after, there, opening } = await relocated(from, to)
    const label = `pointed to ${models.nameAt(there.path)}`
    const done = { label, before, after, joins: null, deleted: null, at: Date.now() }
    history.value = withStep(history.value, { ...done, moved: { from, to: there } })
    await opening
  }

  /** One model after the other: others wait until the window speaks of it there. */
  function relocated(from: ModelRef, to: string | ModelRef) {
    const work = relocate(from, to)
    moving = work.catch(() => undefined)
    return work
  }

  async function relocate(from: ModelRef, to: string | ModelRef) {
    const found = await relocatedModel(from, to)
    const before = present!
    const { opening } = await quietly(async () => {
      const opening = speakOf(from, found)
      await nextTick()
      return { opening }
    })
    return { before, after: present!, there: found.model, opening }
  }

  /** @returns whether a step that moved a model is taken back or done again; said where it is not */
  async function moves(step: Step<SessionValue>, from: ModelRef, to: ModelRef): Promise<boolean> {
    try {
      await relocated(from, to)
      return true
    } catch (thrown) {
      const title = `“${step.label}” stays as it is.`
      session.notice = { title, lines: [], error: toLamellaError(thrown) }
      return false
    }
  }

  /** Another session is there: nothing of it was done yet. */
  function restart(): void {
    history.value = noHistory
    present = sessionValue()
    noteSaved(seal())
  }

  async function undo(): Promise<void> {
    if (moving || !present) await Promise.all([begun, moving])
    const step = last.value
    if (!step) return
    const { moved } = step
    if (moved && !(await moves(step, moved.to, moved.from))) return
    history.value = undone(history.value)
    workspace.say(`undone: ${step.label}`)
    if (!moved) await take(step.after, step.before)
  }

  async function redo(): Promise<void> {
    if (moving || !present) await Promise.all([begun, moving])
    const step = next.value
    if (!step) return
    const { moved } = step
    if (moved && !(await moves(step, moved.from, moved.to))) return
    history.value = redone(history.value)
    workspace.say(`done again: ${step.label}`)
    if (!moved) await take(step.before, step.after)
  }

  return { last, next, quietly, seal, noteSaved, move, restart, undo, redo }
})
