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
  const own = latestOf(() => {
    const { model } = subject()
    return model && { model, asked: { table: null, layer: null, length: options.length } }
  })
  /** Of the positions that are shown, whose model may be one before: they are of its size. */
  const beside = latestOf(() => {
    const { value } = own.latest.value
    const shape = value && matrixShape(value.result)
    if (!options.beside || !shape) return null
    const spec = SinusoidalSpec.parse({ kind: 'sinusoidal', base: options.base })
    const table = { ...spec, length: shape.rows, width: shape.width }
    return { model: value.model, asked: { table, layer: null, length: 1 } }
  })
  const working = computed(() => own.work.value ?? beside.work.value)

  function latestOf(what: () => Pick<AnsweredPositions, 'model' | 'asked'> | null) {
    const request = computed(() => {
      const of = what()
      return of && { ...of, request: positionsOf(of.model, positionParams(of.model, of.asked)) }
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
