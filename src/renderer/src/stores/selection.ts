import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { Cell, Hover } from '#common/model/subject.ts'
import { useModels } from './models.ts'
import { useRuns } from './runs.ts'

/** What every view is about: one head and one cell of it, and what the pointer is on. */
export const useSelection = defineStore('selection', () => {
  const models = useModels()
  const runs = useRuns()
  const layer = ref(0)
  const head = ref(0)
  const cell = shallowRef<Cell | null>(null)
  const hover = shallowRef<Hover | null>(null)

  const config = computed(() => models.active?.config ?? null)
  const length = computed(() => runs.current?.run.tokens.length ?? 0)
  /** The text that the selected cell and the pointer are about. */
  const text = computed(() => runs.current?.text ?? null)
  /** The selected cell, when the text that ran has it. */
  const validCell = computed(() => {
    const { value } = cell
    return value && value.query < length.value && value.key < length.value ? value : null
  })

  function selectHead(nextLayer: number, nextHead: number): void {
    const { nLayers, nHeads } = config.value ?? { nLayers: 1, nHeads: 1 }
    layer.value = clamp(nextLayer, nLayers)
    head.value = clamp(nextHead, nHeads)
  }

  function selectCell(next: Cell | null): void {
    cell.value = next && {
      query: clamp(next.query, length.value),
      key: clamp(next.key, length.value)
    }
  }

  function moveHead(layers: number, heads: number): void {
    selectHead(layer.value + layers, head.value + heads)
  }

  function setHover(next: Hover | null): void {
    const before = hover.value
    if (before?.query === next?.query && before?.key === next?.key) return
    hover.value = next
  }

  return { layer, head, text, cell: validCell, hover, selectHead, selectCell, moveHead, setHover }
})

/** The name of a head, as the field writes it: layer, then head. */
export function headName(layer: number, head: number): string {
  return `Head ${layer}.${head}`
}

function clamp(index: number, length: number): number {
  return Math.max(0, Math.min(length - 1, index))
}
