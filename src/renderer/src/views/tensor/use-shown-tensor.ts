import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import { matrixOf } from '#common/analysis/tensor-map/matrix-view.ts'
import {
  isWhole,
  wholeRegion,
  type Extent,
  type Region,
  type Whole
} from '#common/analysis/tensor-map/region.ts'
import type { TensorInfo } from '#common/contract/schemas.ts'
import { floatDTypes } from '#common/model/tensor.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import { useTabs } from '../../stores/tabs.ts'
import type { TensorOptions } from './tensor-options.ts'

/** How long parts stay as they are before they are kept, in ms: while one zooms they change with each frame. */
const restTime = 200

/** A part that is shown beside others. */
export interface Pane {
  /** Stays with it when others are closed. */
  readonly id: number
  readonly region: Region
}

/** Which tensor a view shows and which parts of it, kept with its tab, and selected with its group. */
export function useShownTensor(subject: () => ViewSubject, options: TensorOptions) {
  const tabs = useTabs()
  const tensors = computed(() => subject().model?.tensors ?? [])
  const named = (name: string | null) => tensors.value.find(tensor => tensor.name === name)
  const tensor = computed<TensorInfo | null>(
    () =>
      named(options.tensor) ??
      named(subject().tensor) ??
      tensors.value.find(({ shape }) => shape.length === 2) ??
      tensors.value[0] ??
      null
  )
  // What is selected elsewhere is shown, also over what was chosen here before.
  watch(
    () => subject().tensor,
    next => {
      if (next !== null && named(next) && next !== tensor.value?.name)
        tabs.setUnasked(() => put(next))
    }
  )
  const whole = computed(() => matrixOf(tensor.value?.shape ?? []))
  const isEmpty = computed(() => whole.value.rows * whole.value.columns === 0)
  const isFloat = computed(() =>
    (floatDTypes as readonly string[]).includes(tensor.value?.dtype ?? '')
  )
  const isMatrix = computed(() => isFloat.value && tensor.value?.shape.length === 2)

  const moving = shallowRef<readonly Region[] | null>(null)
  let lastId = 0
  const ids = shallowRef<readonly number[]>([])
  const regions = computed<readonly Region[]>(() => {
    const kept = moving.value ?? options.regions
    return kept.length === 0
      ? [wholeRegion(whole.value)]
      : kept.map(region => regionIn(region, whole.value))
  })
  watch(
    () => regions.value.length,
    length => (ids.value = Array.from({ length }, (_, i) => ids.value[i] ?? ++lastId)),
    { immediate: true, flush: 'sync' }
  )
  const panes = computed<readonly Pane[]>(() =>
    regions.value.map((region, i) => ({ id: ids.value[i] ?? 0, region }))
  )
  let timer: ReturnType<typeof setTimeout> | undefined
  /** Has some parts, or none, stand where one is. */
  function replace(id: number, parts: readonly Region[]): void {
    const at = ids.value.indexOf(id)
    if (at < 0) return
    const own = parts.map((_, i) => (i === 0 ? id : ++lastId))
    ids.value = ids.value.toSpliced(at, 1, ...own)
    moving.value = regions.value.toSpliced(at, 1, ...parts)
    clearTimeout(timer)
    timer = setTimeout(keep, restTime)
  }
  /** One more, where the last is. */
  function add(): void {
    const { id, region } = panes.value.at(-1)!
    replace(id, [region, region])
  }
  function keep(): void {
    clearTimeout(timer)
    if (moving.value === null) return
    const [first, ...others] = regions.value
    const isAll = others.length === 0 && isWhole(first!, whole.value)
    options.regions = isAll
      ? []
      : regions.value.map(({ rows, columns }) => ({ rows: [...rows], columns: [...columns] }))
    moving.value = null
  }
  onScopeDispose(keep)

  function put(name: string): void {
    clearTimeout(timer)
    moving.value = null
    options.tensor = name
    options.regions = []
  }
  function choose(name: string): void {
    put(name)
    subject().selectTensor(name)
  }
  return { tensors, tensor, whole, isEmpty, isFloat, isMatrix, panes, replace, add, choose }
}

/** A part of another tensor may end beyond this one. */
function regionIn({ rows, columns }: Region, whole: Whole): Region {
  const all = wholeRegion(whole)
  return {
    rows: extentIn(rows, whole.rows) ?? all.rows,
    columns: extentIn(columns, whole.columns) ?? all.columns
  }
}

function extentIn([from, to]: Extent, length: number): Extent | null {
  const last = Math.min(length, to)
  return from < last ? [from, last] : null
}
