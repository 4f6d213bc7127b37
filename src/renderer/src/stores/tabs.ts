import type { DockviewApi, SerializedDockview } from 'dockview-vue'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { TabContext } from '#common/model/subject.ts'
import { LinkGroup, linkGroups, type On, type Scope, type Subject } from '#common/model/subject.ts'
import { putBack, standingOf, type Standing } from './tab-standing.ts'

/** An open tab: which view it shows and what of. */
export interface Tab {
  readonly id: string
  readonly type: string
  readonly context: TabContext
  /** The next one that is opened for a look takes its place. */
  readonly preview?: boolean | undefined
}

/** Tabs that can be opened again once they are closed. */
const mostClosed = 50

export type Placement = 'within' | 'right' | 'below'

export interface Opening {
  readonly placement?: Placement
  readonly preview?: boolean
  /** What it is compared with. */
  readonly other?: On | null
  /** What its view is set to: a tab that is set so already is the one. */
  readonly options?: Readonly<Record<string, unknown>>
}

/** Tabs and how the dock places them. */
export interface Arrangement {
  readonly tabs: readonly Tab[]
  /** What the dock wrote; null for one after the other. */
  readonly layout: unknown
  readonly active: string | null
}

/** A tab that was closed, and where it stood. */
interface Closed {
  readonly tab: Tab
  readonly standing: Standing | null
}

/** The open tabs and where they stand. Placing is left to the dock; this mirrors it. */
export const useTabs = defineStore('tabs', () => {
  const tabs = shallowRef<readonly Tab[]>([])
  const activeId = ref<string | null>(null)
  /** Counts changes of the arrangement, for whoever saves it. */
  const changes = ref(0)
  /** Tabs that were closed, the last one at the end. */
  const closed = shallowRef<readonly Closed[]>([])
  /** The link group of the tab that is focused, or was, before one that stands alone. */
  const group = ref<LinkGroup>('A')
  /** Whose model, text and selection the window is about: those of the focused tab. */
  const scope = computed<Scope>(() => {
    const tab = find(activeId.value ?? '')
    if (!tab) return group.value
    return typeof tab.context.on === 'string' ? tab.context.on : tab.id
  })
  /** Groups that tabs belong to. */
  const groups = computed(() =>
    linkGroups.filter(name =>
      tabs.value.some(({ context }) => context.on === name || context.with === name)
    )
  )
  let dock: DockviewApi | null = null
  let isUnasked = false
  /** What views were set to unasked since that was taken last, by the ids of their tabs. */
  let unasked: ReadonlyMap<string, Readonly<Record<string, unknown>>> = new Map()

  watch(
    () => find(activeId.value ?? '')?.context.on,
    on => {
      const linked = LinkGroup.safeParse(on)
      if (linked.success) group.value = linked.data
    },
    { flush: 'sync' }
  )

  /** Takes the dock over and keeps step with it. */
  function attach(api: DockviewApi): void {
    dock = api
    api.onDidRemovePanel(({ id }) => {
      tabs.value = tabs.value.filter(other => other.id !== id)
    })
    api.onDidActivePanelChange(event => {
      activeId.value = event.panel?.id ?? api.activePanel?.id ?? null
    })
    api.onDidLayoutChange(() => changes.value++)
  }

  function find(id: string): Tab | undefined {
    return tabs.value.find(tab => tab.id === id)
  }

  /** What a tab that stands alone stays on; null of a link group, and of no tab. */
  function subjectOf(scope: Scope): Subject | null {
    const on = find(scope)?.context.on
    return on === undefined || typeof on === 'string' ? null : on
  }

  /** Opens a tab beside the active one, or shows the one that is of this type and about this already. */
  function open(type: string, on: On = group.value, how: Opening = {}): string {
    const { placement = 'within', preview = false, other = null, options } = how
    const context: TabContext = { on, with: other, ...(options && { options }) }
    const known = tabs.value.find(tab => tab.type === type && isSame(tab.context, context))
    const looked = tabs.value.find(tab => tab.preview && placement === 'within')
    if (known) {
      if (!preview) keep(known.id)
      show(known.id)
      return known.id
    }
    if (preview && looked) {
      replace(looked.id, { ...looked, type, context })
      show(looked.id)
      return looked.id
    }
    const tab: Tab = { id: freshId(type), type, context, ...(preview && { preview }) }
    tabs.value = [...tabs.value, tab]
    add(tab, placement)
    return tab.id
  }

  function add(tab: Tab, placement: Placement): void {
    const beside = dock?.activePanel
    dock?.addPanel({
      id: tab.id,
      component: 'view',
      ...(beside ? { position: { referencePanel: beside, direction: placement } } : {})
    })
    activeId.value = tab.id
  }

  function replace(id: string, next: Tab): void {
    tabs.value = tabs.value.map(tab => (tab.id === id ? next : tab))
  }

  /** Makes a tab be about something else. */
  function putOn(id: string, on: On): void {
    const tab = find(id)
    if (tab) replace(id, { ...tab, context: { ...tab.context, on } })
  }

  /** Takes what a tab is about, or is compared with, to another place; the other goes along where it is at the same. */
  function move(id: string, side: 'on' | 'with', next: Subject): void {
    const tab = find(id)
    if (!tab) return
    const before = tab.context[side]
    const opposite = side === 'on' ? 'with' : 'on'
    const along = tab.context[opposite]
    const context = { ...tab.context, [side]: next }
    if (isAtSame(before, along)) context[opposite] = { ...along, at: next.at }
    replace(id, { ...tab, context })
  }

  /** Makes a tab compare with something; with nothing for null. */
  function compareWith(id: string, other: On | null): void {
    const tab = find(id)
    if (tab) replace(id, { ...tab, context: { ...tab.context, with: other } })
  }

  /** Sets some of what a tab's view is set to; one that was opened for a look stays. */
  function setOptions(id: string, some: Readonly<Record<string, unknown>>): void {
    if (!isUnasked) keep(id)
    const tab = find(id)
    if (!tab) return
    if (isUnasked) unasked = new Map([...unasked, [id, { ...unasked.get(id), ...some }]])
    replace(id, withOptions(tab, some))
  }

  /** Has options that are set follow from something else, such as from what is selected: nobody set them, and it is nothing to take back. */
  function setUnasked(set: () => void): void {
    isUnasked = true
    try {
      set()
    } finally {
      isUnasked = false
    }
  }

  /** The same tabs with what their views were set to unasked meanwhile; it is told once. */
  function withUnasked(before: readonly Tab[]): readonly Tab[] {
    const taken = unasked
    unasked = new Map()
    if (taken.size === 0) return before
    return before.map(tab => {
      const some = taken.get(tab.id)
      return some ? withOptions(tab, some) : tab
    })
  }

  /** A tab that was opened for a look stays from now on. */
  function keep(id: string): void {
    const tab = find(id)
    if (tab?.preview) replace(id, { id, type: tab.type, context: tab.context })
  }

  function show(id: string): void {
    dock?.getPanel(id)?.api.setActive()
  }

  function close(id: string | null): void {
    const panel = id === null ? undefined : dock?.getPanel(id)
    const tab = find(id ?? '')
    if (!dock || !panel || !tab) return
    closed.value = [...closed.value, { tab, standing: standingOf(dock, panel) }].slice(-mostClosed)
    dock.removePanel(panel)
  }

  function closeOthers(id: string): void {
    for (const tab of tabs.value) if (tab.id !== id) close(tab.id)
  }

  /** Opens the tab that was closed last, where it stood. */
  function reopen(): void {
    const last = closed.value.at(-1)
    if (!dock || !last) return
    closed.value = closed.value.slice(0, -1)
    tabs.value = [...tabs.value, last.tab]
    if (last.standing === null || !putBack(dock, last.tab.id, last.standing))
      add(last.tab, 'within')
    activeId.value = last.tab.id
  }

  /** Opens a tab once more, beside itself. */
  function duplicate(id: string): void {
    const tab = find(id)
    if (!tab) return
    show(id)
    const copy = { id: freshId(tab.type), type: tab.type, context: tab.context }
    tabs.value = [...tabs.value, copy]
    add(copy, 'within')
  }

  function place(id: string | null, how: 'float' | 'right' | 'below'): void {
    const panel = id === null ? undefined : dock?.getPanel(id)
    if (!dock || !panel) return
    if (how === 'float') dock.addFloatingGroup(panel, { width: 640, height: 480 })
    else {
      const group = dock.addGroup({ referencePanel: panel, direction: how })
      panel.api.moveTo({ group })
    }
  }

  function step(by: 1 | -1): void {
    const at = tabs.value.findIndex(({ id }) => id === activeId.value)
    const next = tabs.value[(at + by + tabs.value.length) % tabs.value.length]
    if (next) show(next.id)
  }

  /** Has tabs stand as they were; those that are open stay as they are, and those that are not placed are added at the end. */
  function restore({ tabs: saved, layout, active }: Arrangement): void {
    tabs.value = saved
    closed.value = closed.value.filter(({ tab }) => !saved.some(({ id }) => id === tab.id))
    try {
      const present = { reuseExistingPanels: true }
      if (layout && placesOnly(layout, saved)) dock?.fromJSON(layout as SerializedDockview, present)
      else dock?.clear()
    } catch {
      // A layout of another version: the tabs themselves are kept, in one group.
      tabs.value = saved
      dock?.clear()
    }
    tabs.value = saved
    for (const tab of saved) if (!dock?.getPanel(tab.id)) add(tab, 'within')
    if (active !== null) show(active)
  }

  function layout(): SerializedDockview | null {
    return dock?.toJSON() ?? null
  }

  /** Of what there is for tabs, in pixels; null before there is a dock. */
  function extent(): { readonly width: number; readonly height: number } | null {
    return dock && { width: dock.width, height: dock.height }
  }

  return {
    tabs,
    closed,
    activeId,
    group,
    groups,
    scope,
    subjectOf,
    changes,
    attach,
    find,
    open,
    putOn,
    compareWith,
    setOptions,
    setUnasked,
    withUnasked,
    keep,
    show,
    close,
    closeOthers,
    reopen,
    duplicate,
    move,
    place,
    step,
    restore,
    layout,
    extent
  }
})

function withOptions(tab: Tab, some: Readonly<Record<string, unknown>>): Tab {
  const options = { ...tab.context.options, ...some }
  return { ...tab, context: { ...tab.context, options } }
}

/** Whether a tab is about what is asked for, and set so where that says how. */
function isSame(tab: TabContext, asked: TabContext): boolean {
  const isSet = Object.entries(asked.options ?? {}).every(
    ([name, value]) => JSON.stringify(tab.options?.[name]) === JSON.stringify(value)
  )
  return isSet && JSON.stringify([tab.on, tab.with]) === JSON.stringify([asked.on, asked.with])
}

function isAtSame(a: On | null, b: On | null): b is Subject {
  if (a === null || b === null || typeof a === 'string' || typeof b === 'string') return false
  return a.at.layer === b.at.layer && a.at.head === b.at.head
}

/** Whether every panel of a layout is one of these tabs. */
function placesOnly(layout: unknown, tabs: readonly Tab[]): boolean {
  const panels = (layout as { panels?: unknown }).panels
  if (typeof panels !== 'object' || panels === null) return false
  const ids = new Set(tabs.map(({ id }) => id))
  return Object.keys(panels).every(id => ids.has(id))
}

/** An id that no tab has. */
export function freshId(type: string): string {
  return `${type}-${crypto.getRandomValues(new Uint32Array(1))[0]!.toString(36)}`
}
