import { computed } from 'vue'
import type { ComputedRef } from 'vue'
import type { LamellaError } from '#common/model/errors.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { useLatest } from './use-latest.ts'
import { useModels } from '../stores/models.ts'
import { useRuns } from '../stores/runs.ts'
import type { RunRecord } from '../stores/runs.ts'
import { useSelection } from '../stores/selection.ts'

/** What a pinned view stays on while the selection moves away. */
export interface Pin {
  readonly modelPath: string
  readonly text: string
  readonly layer: number
  readonly head: number
}

export interface Focus {
  readonly layer: ComputedRef<number>
  readonly head: ComputedRef<number>
  readonly model: ComputedRef<ModelInfo | null>
  readonly record: ComputedRef<RunRecord | null>
  readonly pinned: ComputedRef<boolean>
  /** Why a pinned text could not run. */
  readonly error: ComputedRef<LamellaError | null>
  /** A newer run is under way. */
  readonly waiting: ComputedRef<boolean>
  /** The pin that would hold the view where it is now; null when there is nothing to hold. */
  currentPin(): Pin | null
}

/** What a view is about: the shared selection, or what it is pinned to. */
export function useFocus(pin: () => Pin | null): Focus {
  const models = useModels()
  const runs = useRuns()
  const selection = useSelection()

  const model = computed(() => {
    const path = pin()?.modelPath
    return path === undefined ? models.active : (models.open.find(m => m.path === path) ?? null)
  })
  const held = useLatest(
    () => {
      const held = pin()
      return held && model.value ? JSON.stringify([held.modelPath, held.text]) : null
    },
    (key, signal) => {
      const [path, text] = JSON.parse(key) as [string, string]
      return runs.ensure(path, text, signal)
    }
  )
  const layer = computed(() => pin()?.layer ?? selection.layer)
  const head = computed(() => pin()?.head ?? selection.head)
  const record = computed(() => (pin() ? held.value.value : runs.current))

  return {
    layer,
    head,
    model,
    record,
    pinned: computed(() => pin() !== null),
    error: computed(() => held.error.value),
    waiting: computed(() => (pin() ? held.pending.value : runs.running)),
    currentPin: () =>
      model.value && record.value
        ? {
            modelPath: model.value.path,
            text: record.value.text,
            layer: layer.value,
            head: head.value
          }
        : null
  }
}
