import type { DockviewApi, SerializedDockview } from 'dockview-vue'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { TabContext } from '#common/model/subject.ts'
import { LinkGroup, linkGroups, type On, type Scope, type Subject } from '#common/model/subject.ts'

/** An open tab: which view it shows and what of. */
export interface Tab {
  readonly id: string
  readonly type: string
  readonly context: TabContext
}

export type Placement = 'within' | 'right' | 'below'

/** The open tabs and where they stand. Placing is left to the dock; this mirrors it. */
export const useTabs = defineStore('tabs', () => {
  const tabs = shallowRef<readonly Tab[]>([])
  const activeId = ref<string | null>(null)
  /** Counts changes of the arrangement, for whoever saves it. */
  const changes = ref(0)
  /** Tabs that were closed, the last one at the end. */
  const closed = shallowRef<readonly Tab[]>([])
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
    linkGroups.filter(name => tabs.value.some(({ context }) => context.on === name))
  )
  let dock: DockviewApi | null = null

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
      const tab = find(id)
      if (!tab) return
      closed.value = [...closed.value, tab]
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
  function open(type: string, on: On = group.value, placement: Placement = 'within'): void {
    const known = tabs.value.find(tab => tab.type === type && isSame(tab.context.on, on))
    if (known) {
      show(known.id)
      return
    }
    const tab: Tab = { id: freshId(type), type, context: { on, with: null } }
    tabs.value = [...tabs.value, tab]
    add(tab, placement)
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

  /** Makes a tab be about something else. */
  function putOn(id: string, on: On): void {
    tabs.value = tabs.value.map(tab =>
      tab.id === id ? { ...tab, context: { ...tab.context, on } } : tab
    )
  }

  function show(id: string): void {
    dock?.getPanel(id)?.api.setActive()
  }

  function close(id: string | null): void {
    const panel = id === null ? undefined : dock?.getPanel(id)
    if (panel) dock?.removePanel(panel)
  }

  function closeOthers(id: string): void {
    for (const tab of tabs.value) if (tab.id !== id) close(tab.id)
  }

  function reopen(): void {
    const tab = closed.value.at(-1)
    if (!tab) return
    closed.value = closed.value.slice(0, -1)
    tabs.value = [...tabs.value, tab]
    add(tab, 'within')
  }

  function move(id: string | null, how: 'float' | 'right' | 'below'): void {
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

  /** Puts a saved arrangement back; tabs that it does not place are added at the end. */
  function restore(saved: readonly Tab[], layout: unknown, active: string | null): void {
    tabs.value = saved
    try {
      if (layout && placesOnly(layout, saved)) dock?.fromJSON(layout as SerializedDockview)
    } catch {
      // A layout of another version: the tabs themselves are kept, in one group.
      tabs.value = saved
      dock?.clear()
    }
    tabs.value = saved
    for (const tab of saved) if (!dock?.getPanel(tab.id)) add(tab, 'within')
    if (active !== null) show(active)
    closed.value = []
  }

  function layout(): unknown {
    return dock?.toJSON() ?? null
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
    show,
    close,
    closeOthers,
    reopen,
    move,
    step,
    restore,
    layout
  }
})

function isSame(a: On, b: On): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/** Whether every panel of a layout is one of these tabs. */
function placesOnly(layout: unknown, tabs: readonly Tab[]): boolean {
  const panels = (layout as { panels?: unknown }).panels
  if (typeof panels !== 'object' || panels === null) return false
  const ids = new Set(tabs.map(({ id }) => id))
  return Object.keys(panels).every(id => ids.has(id))
}

function freshId(type: string): string {
  return `${type}-${crypto.getRandomValues(new Uint32Array(1))[0]!.toString(36)}`
}
