import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import type { ModelRef } from '#common/model/model-ref.ts'
import { movedTo } from '#common/model/moved-to.ts'
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
  type History
} from '../../stores/session-history.ts'
import { useSession } from '../../stores/session.ts'
import { useTabs } from '../../stores/tabs.ts'
import { useWorkspace } from '../../stores/workspace.ts'
import { tabTitle } from '../tab-title.ts'
import { changeBetween, type Change } from './change.ts'
import { leaveHistory, takeHistory } from './kept-history.ts'
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
  /** Steps that are being taken back or done again, as far as they wait for the workbench. */
  let underWay = 0
  /** Changes under way that are no steps. */
  let quiet = 0

  const names = { tab: tabTitle, model: (path: string) => models.nameAt(path) }
  const last = computed(() => history.value.past.at(-1) ?? null)
  const next = computed(() => history.value.future.at(-1) ?? null)

  watch(
    () => workspace.ready,
    ready => {
      if (!ready || present) return
      present = sessionValue()
      saved = goOn(present)
      window.addEventListener('pagehide', leave)
      watch(sessionValue, note, { flush: 'post' })
      watch(history, now => (session.changed = position(now) !== saved))
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

  /** What changed without anything being done here: by another window, or since a step is being taken back. */
  function ofOthers({ models, groups, items, forgotten }: SessionValue): Partial<SessionValue> {
    if (underWay > 0) return { models, groups, items, forgotten }
    return library.changedHere ? {} : { items }
  }

  async function take(from: SessionValue, to: SessionValue): Promise<void> {
    underWay++
    try {
      const waiting = takeTo(from, to)
      present = sessionValue()
      await waiting
    } finally {
      underWay--
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

  /** The session as it is now is the one that is saved. */
  function noteSaved(): void {
    history.value = sealed(history.value)
    saved = position(history.value)
    session.changed = false
  }

  /** A model of the session lies elsewhere now: what was done before was done to it there. */
  function followModel(from: ModelRef, to: ModelRef): void {
    history.value = movedTo(history.value, from, to)
    // The file still names the place where it was.
    saved = null
    session.changed = true
  }

  /** Another session is there: nothing of it was done yet. */
  function restart(): void {
    history.value = noHistory
    present = sessionValue()
    noteSaved()
  }

  async function undo(): Promise<void> {
    const step = last.value
    if (!step) return
    history.value = undone(history.value)
    workspace.say(`undone: ${step.label}`)
    await take(step.after, step.before)
  }

  async function redo(): Promise<void> {
    const step = next.value
    if (!step) return
    history.value = redone(history.value)
    workspace.say(`done again: ${step.label}`)
    await take(step.before, step.after)
  }

  return { last, next, quietly, noteSaved, followModel, restart, undo, redo }
})
