import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import { matrixOf } from '#common/analysis/tensor-map/matrix-view.ts'
import type { TensorInfo } from '#common/contract/schemas.ts'
import { floatDTypes } from '#common/model/tensor.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import { isWhole, wholeRegion, type Region, type Stretch } from './region.ts'
import type { TensorOptions } from './tensor-options.ts'

/** How long a part stays as it is before it is kept, in ms: while one zooms it changes with each frame. */
const restTime = 200

/** Which tensor a view shows and which part of it, kept with its tab, and selected with its group. */
export function useShownTensor(subject: () => ViewSubject, options: TensorOptions) {
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
      if (next !== null && named(next) && next !== tensor.value?.name) put(next)
    }
  )
  const whole = computed(() => matrixOf(tensor.value?.shape ?? []))
  const isEmpty = computed(() => whole.value.rows * whole.value.columns === 0)
  const isFloat = computed(() =>
    (floatDTypes as readonly string[]).includes(tensor.value?.dtype ?? '')
  )
  const isMatrix = computed(() => isFloat.value && tensor.value?.shape.length === 2)

  const moving = shallowRef<Region | null>(null)
  const region = computed<Region>(() => {
    const { rows, columns } = moving.value ?? options
    const all = wholeRegion(whole.value)
    return {
      rows: stretchIn(rows, whole.value.rows) ?? all.rows,
      columns: stretchIn(columns, whole.value.columns) ?? all.columns
    }
  })
  let timer: ReturnType<typeof setTimeout> | undefined
  function show(next: Region): void {
    moving.value = next
    clearTimeout(timer)
    timer = setTimeout(keep, restTime)
  }
  function keep(): void {
    clearTimeout(timer)
    if (moving.value === null) return
    const { rows, columns } = moving.value
    const all = isWhole(moving.value, whole.value)
    options.rows = all ? null : [...rows]
    options.columns = all ? null : [...columns]
    moving.value = null
  }
  onScopeDispose(keep)

  function put(name: string): void {
    clearTimeout(timer)
    moving.value = null
    options.tensor = name
    options.rows = null
    options.columns = null
  }
  function choose(name: string): void {
    put(name)
    subject().selectTensor(name)
  }
  return { tensors, tensor, whole, isEmpty, isFloat, isMatrix, region, show, choose }
}

/** A stretch of another tensor may end beyond this one. */
function stretchIn(stretch: Stretch | null, length: number): Stretch | null {
  if (stretch === null) return null
  const [from, to] = [stretch[0], Math.min(length, stretch[1])]
  return from < to ? [from, to] : null
}
