import { computed } from 'vue'
import type { ModelInfo } from '#common/contract/schemas.ts'
import type { Dataset } from '#common/data/dataset.ts'
import { matrixShape } from '#common/figure/views/position-forms.ts'
import { positionParams, type AskedPositions } from '#common/figure/views/positions-view.ts'
import { SinusoidalSpec } from '#common/model/spec.ts'
import { useLatest } from '../../reactive/use-latest.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import { positionsOf } from '../../stores/analyses.ts'
import { useResults } from '../../stores/results.ts'
import type { PositionsOptions } from './positions-options.ts'

/** How a subject's model tells positions, and sines and cosines of the same size where they are to stand beside. */
export function usePositions(subject: () => ViewSubject, options: PositionsOptions) {
  const results = useResults()
  const own = latestOf(() => ({ table: null, layer: null, length: options.length }))
  const beside = latestOf(() => {
    const shape = own.latest.value.value && matrixShape(own.latest.value.value.result)
    if (!options.beside || !shape) return null
    const spec = SinusoidalSpec.parse({ kind: 'sinusoidal', base: options.base })
    const table = { ...spec, length: shape.rows, width: shape.width }
    return { table, layer: null, length: 1 }
  })
  const working = computed(() => own.work.value ?? beside.work.value)

  function latestOf(what: () => AskedPositions | null) {
    const request = computed(() => {
      const { model } = subject()
      const asked = what()
      if (!model || !asked) return null
      return { model, asked, request: positionsOf(model, positionParams(model, asked)) }
    })
    const latest = useLatest(
      () =>
        request.value && JSON.stringify([request.value.request.params, request.value.request.of]),
      async (_, signal): Promise<AnsweredPositions> => {
        const { model, asked, request: one } = request.value!
        return { model, asked, params: one.params, result: await results.ask(one, signal) }
      }
    )
    return { latest, work: computed(() => results.workOf(request.value?.request ?? null)) }
  }
  return { own: own.latest, beside: beside.latest, working }
}

/** How positions are told, with what was asked for it. */
export interface AnsweredPositions {
  readonly model: ModelInfo
  readonly asked: AskedPositions
  /** Of the analysis. */
  readonly params: Readonly<Record<string, unknown>>
  readonly result: Dataset
}
