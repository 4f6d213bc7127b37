import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { Cell, Hover, LinkGroup } from '#common/model/subject.ts'
import { useModels } from './models.ts'
import { carriedCell, carriedHover } from './carried.ts'
import type { Run } from '#common/contract/schemas.ts'
import { useRuns } from './runs.ts'
import { useTabs } from './tabs.ts'

/** What is selected and pointed at, by the link group or by the tab that stands alone. */
interface Selected {
  readonly layer: number
  readonly head: number
  /** A cell means something only in the run that it was chosen in. */
  readonly cell: { readonly cell: Cell; readonly run: Run } | null
  readonly hover: { readonly hover: Hover; readonly run: Run } | null
}

const nothing: Selected = { layer: 0, head: 0, cell: null, hover: null }

/** One head and one cell for each link group, and what the pointer is on. */
export const useSelection = defineStore('selection', () => {
  const models = useModels()
  const runs = useRuns()
  const tabs = useTabs()
  const scopes = shallowRef<Readonly<Record<string, Selected>>>({})

  const of = (scope: string) => scopes.value[scope] ?? nothing
  const layer = computed(() => headOf(tabs.group).layer)
  const head = computed(() => headOf(tabs.group).head)
  const cell = computed(() => runs.current && cellIn(runs.current, tabs.group))
  const hover = computed(() => runs.current && hoverIn(runs.current, tabs.group))

  function put(scope: string, next: Partial<Selected>): void {
    scopes.value = { ...scopes.value, [scope]: { ...of(scope), ...next } }
  }

  /** The selected head of a group, as near to it as the group's model has one. */
  function headOf(group: LinkGroup): { readonly layer: number; readonly head: number } {
    const { layer, head } = of(group)
    const { nLayers, nHeads } = models.activeOf(group)?.config ?? {
      nLayers: Infinity,
      nHeads: Infinity
    }
    return { layer: clamp(layer, nLayers), head: clamp(head, nHeads) }
  }

  /** The selected cell in a run: as it is in the run it was chosen in, by its characters in another of the same text. */
  function cellIn(run: Run, scope: string): Cell | null {
    const chosen = of(scope).cell
    return chosen && carriedCell(chosen.cell, chosen.run, run)
  }

  /** What is pointed at, in a run. */
  function hoverIn(run: Run, scope: string): Hover | null {
    const { hover: pointed } = of(scope)
    return pointed && carriedHover(pointed.hover, pointed.run, run)
  }

  function selectHead(layer: number, head: number, group: LinkGroup = tabs.group): void {
    const { nLayers, nHeads } = models.activeOf(group)?.config ?? { nLayers: 1, nHeads: 1 }
    put(group, { layer: clamp(layer, nLayers), head: clamp(head, nHeads) })
  }

  function selectCell(
    next: Cell | null,
    run: Run | null = runs.current,
    scope: string = tabs.group
  ): void {
    const length = run?.tokens.length ?? 0
    const cell = next && { query: clamp(next.query, length), key: clamp(next.key, length) }
    put(scope, { cell: cell && run && { cell, run } })
  }

  function moveHead(layers: number, heads: number): void {
    selectHead(layer.value + layers, head.value + heads)
  }

  function setHover(
    next: Hover | null,
    run: Run | null = runs.current,
    scope: string = tabs.group
  ): void {
    const { hover: before } = of(scope)
    const same = before?.run.id === run?.id && before?.hover.query === next?.query
    if (same && before?.hover.key === next?.key) return
    put(scope, { hover: next && run && { hover: next, run } })
  }

  /** A group begins with what another one has. */
  function copy(from: LinkGroup, to: LinkGroup): void {
    put(to, { ...of(from), hover: null })
  }

  return {
    layer,
    head,
    cell,
    hover,
    headOf,
    cellIn,
    hoverIn,
    selectHead,
    selectCell,
    moveHead,
    setHover,
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
