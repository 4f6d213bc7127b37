import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { SessionWindow } from '#common/contract/session-window.ts'
import { objectSet, type ObjectSet } from '#common/model/object-set.ts'
import type { Cell, Hover, Scope } from '#common/model/subject.ts'
import { useModels } from './models.ts'
import { carried, carriedCell, carriedHover } from './carried.ts'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import { useRuns } from './runs.ts'
import { useTabs } from './tabs.ts'

/** A head by its layer and its number. */
export interface Head {
  readonly layer: number
  readonly head: number
}

export function sameHead(a: Head, b: Head): boolean {
  return a.layer === b.layer && a.head === b.head
}

/** What is selected and pointed at, by the link group or by the tab that stands alone. */
interface Selected {
  /** By the path of the model. */
  readonly heads: Readonly<Record<string, Head>>
  /** The one chosen last, whichever model it was chosen in: one without a choice of its own begins near it. */
  readonly last: Head
  /** A cell means something only in the run that it was chosen in. */
  readonly cell: { readonly cell: Cell; readonly run: Run } | null
  /** Tensors by the path of the model, each by its name in the files. */
  readonly tensors: Readonly<Record<string, string>>
  /**
   * Several together. They mean something in the model they were chosen in; tokens of a text in its run. Undefined where
   * a session from before they were kept does not say.
   */
  readonly several: SelectedSet | null | undefined
}

/** What is selected in a run or a model, as a session keeps it. */
type Kept = Pick<SessionWindow['groups'][number], 'cell' | 'selected'>

interface SelectedSet {
  readonly set: ObjectSet
  /** Path of the model. */
  readonly path: string
  readonly run: Run | null
}

const nothing: Selected = {
  heads: {},
  last: { layer: 0, head: 0 },
  cell: null,
  tensors: {},
  several: null
}

/** What is pointed at, and in which run. */
interface Pointed {
  readonly hover: Hover
  readonly run: Run
}

/** One head and one cell for each link group, several objects together, and what the pointer is on. */
export const useSelection = defineStore('selection', () => {
  const models = useModels()
  const runs = useRuns()
  const tabs = useTabs()
  const scopes = shallowRef<Readonly<Record<Scope, Selected>>>({})
  /** What was selected in groups and in tabs that stand alone, until their runs are there. */
  const awaited = shallowRef<Readonly<Partial<Record<Scope, Kept>>>>({})
  /** By itself: it changes with each move of the pointer, on which what is selected does not hang. */
  const pointed = shallowRef<Readonly<Record<Scope, Pointed | null>>>({})

  const of = (scope: Scope) => scopes.value[scope] ?? nothing
  const layer = computed(() => headOf(tabs.group).layer)
  const head = computed(() => headOf(tabs.group).head)
  const cell = computed(() => runs.current && cellIn(runs.current, tabs.group))
  const hover = computed(() => runs.current && hoverIn(runs.current, tabs.group))

  function put(scope: Scope, next: Partial<Selected>): void {
    scopes.value = { ...scopes.value, [scope]: { ...of(scope), ...next } }
  }

  /** The selected head of a group in its model, as near to the one chosen last as the model has one. */
  function headOf(group: Scope): Head {
    const { heads, last } = of(group)
    const { path = '', config = null } = models.activeOf(group) ?? {}
    const { layer, head } = heads[path] ?? last
    const { nLayers, nHeads } = config ?? { nLayers: Infinity, nHeads: Infinity }
    return { layer: clamp(layer, nLayers), head: clamp(head, nHeads) }
  }

  /** The selected cell in a run: as it is in the run it was chosen in, by its characters in another of the same text. */
  function cellIn(run: Run, scope: Scope): Cell | null {
    const chosen = of(scope).cell
    return chosen && carriedCell(chosen.cell, chosen.run, run)
  }

  /** What is selected together, in a model and its run: tokens where they are found, all else in its own model alone. */
  function setIn(model: ModelInfo | null, run: Run | null, scope: Scope): ObjectSet | null {
    const chosen = of(scope).several
    if (!chosen) return null
    const { set, path } = chosen
    if (set.kind !== 'token') return model?.path === path ? set : null
    const from = chosen.run
    if (from === null || run === null) return null
    const ids = set.ids.flatMap(id => carried(Number(id), from, run) ?? [])
    return objectSet('token', ids)
  }

  function selectSet(
    set: ObjectSet | null,
    model: ModelInfo | null,
    run: Run | null,
    scope: Scope
  ): void {
    put(scope, { several: set && model && { set, path: model.path, run } })
  }

  /** Selects what a line that was drawn tells, where a session does not say what was selected. */
  function selectUntold(
    set: ObjectSet | null,
    model: ModelInfo | null,
    run: Run | null,
    scope: Scope
  ): void {
    if (of(scope).several === undefined) selectSet(set, model, run, scope)
  }

  /** What is pointed at, in a run. */
  function hoverIn(run: Run, scope: Scope): Hover | null {
    const at = pointed.value[scope]
    return at ? carriedHover(at.hover, at.run, run) : null
  }

  function selectHead(layer: number, head: number, group: Scope = tabs.group): void {
    const model = models.activeOf(group)
    const { nLayers, nHeads } = model?.config ?? { nLayers: 1, nHeads: 1 }
    const last = { layer: clamp(layer, nLayers), head: clamp(head, nHeads) }
    put(group, { last, heads: model ? { ...of(group).heads, [model.path]: last } : {} })
  }

  function selectCell(
    next: Cell | null,
    run: Run | null = runs.current,
    scope: Scope = tabs.group
  ): void {
    const length = run?.tokens.length ?? 0
    const cell = next && { query: clamp(next.query, length), key: clamp(next.key, length) }
    put(scope, { cell: cell && run && { cell, run } })
  }

  function setHover(
    next: Hover | null,
    run: Run | null = runs.current,
    scope: Scope = tabs.group
  ): void {
    const before = pointed.value[scope] ?? null
    const now = next && run && { hover: next, run }
    if (before === now) return
    const isSameRun = before?.run.id === now?.run.id
    const { query, key } = before?.hover ?? {}
    if (isSameRun && query === now?.hover.query && key === now?.hover.key) return
    pointed.value = { ...pointed.value, [scope]: now }
  }

  /** The tensor that was chosen in a group's model; null where none was. */
  function tensorOf(group: Scope): string | null {
    return of(group).tensors[models.activeOf(group)?.path ?? ''] ?? null
  }

  function selectTensor(name: string, group: Scope = tabs.group): void {
    const model = models.activeOf(group)
    if (model) put(group, { tensors: { ...of(group).tensors, [model.path]: name } })
  }

  /** The heads that were chosen in the models of a group, by the path of the model. */
  function headsOf(group: Scope): Readonly<Record<string, Head>> {
    return of(group).heads
  }

  /** Another session begins: its heads are selected at once, all else once its models and runs are there. */
  function restart({ alone, groups }: Pick<SessionWindow, 'alone' | 'groups'>): void {
    scopes.value = {}
    const each: NonNullable<SessionWindow['alone']> =
      alone ?? tabs.tabs.map(({ id }) => ({ tab: id, cell: null }))
    const ofGroups = groups.map(({ name, cell, selected }) => [name, { cell, selected }] as const)
    const ofTabs = each.map(({ tab, cell, selected }) => [tab, { cell, selected }] as const)
    awaited.value = Object.fromEntries([...ofGroups, ...ofTabs])
    for (const { name, heads, layer, head } of groups) put(name, { heads, last: { layer, head } })
  }

  /** Puts back what a session keeps of a selection. */
  function take({ cell, selected }: Kept, model: ModelInfo, run: Run | null, scope: Scope): void {
    if (cell && run) selectCell(cell, run, scope)
    if (selected === undefined) put(scope, { several: undefined })
    else selectSet(selected, model, run, scope)
  }

  /** Puts back what was selected in a group or a tab that stands alone, once its model, or the run, is there; nothing where another is. */
  function takeAwaited(model: ModelInfo | null, run: Run | null, scope: Scope): void {
    const kept = awaited.value[scope]
    if (!kept) return
    awaited.value = { ...awaited.value, [scope]: undefined }
    // What was selected meanwhile stays.
    const { cell, several } = of(scope)
    if (model && cell === null && several === null) take(kept, model, run, scope)
  }

  /** What is selected in a group, or in a tab that stands alone, as a session keeps it. */
  function kept(scope: Scope): Kept {
    const waiting = awaited.value[scope]
    if (waiting) return waiting
    const run = runs.currentOf(scope)
    const cell = run && cellIn(run, scope)
    if (of(scope).several === undefined) return { cell }
    return { cell, selected: setIn(models.activeOf(scope), run, scope) }
  }

  /** A group begins with what another one has. */
  function copy(from: Scope, to: Scope): void {
    put(to, of(from))
    setHover(null, null, to)
  }

  return {
    layer,
    head,
    cell,
    hover,
    headOf,
    headsOf,
    cellIn,
    setIn,
    hoverIn,
    tensorOf,
    selectHead,
    selectTensor,
    selectCell,
    selectSet,
    selectUntold,
    setHover,
    restart,
    takeAwaited,
    kept,
    copy
  }
})

/** The name of a head, as the field writes it: layer, then head. */
export function headName(layer: number, head: number): string {
  return `Head ${layer}.${head}`
}

function clamp(index: number, length: number): number {
  return Math.max(0, Math.min(length - 1, index))
}
