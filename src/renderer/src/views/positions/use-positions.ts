import { computed } from 'vue'
import type { Dataset } from '#common/data/dataset.ts'
import { useLatest } from '../../reactive/use-latest.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import { positionsOf } from '../../stores/analyses.ts'
import { useResults, type Asked } from '../../stores/results.ts'
import { matrixShape } from './position-figures.ts'
import type { PositionsOptions } from './positions-options.ts'

/** Positions that are looked at at once, and of these those whose cosines are drawn. */
const most = { positions: 2048, size: 512 }

/** How a subject's model tells positions, and sines and cosines of the same size where they are to stand beside. */
export function usePositions(subject: () => ViewSubject, options: PositionsOptions) {
  const results = useResults()
  const asked = computed<Asked<Dataset> | null>(() => {
    const { model } = subject()
    return (
      model &&
      positionsOf(model, {
        ...most,
        positions: Math.min(most.positions, model.config?.nCtx ?? most.positions),
        length: options.length,
        distances: Math.min(1024, Math.max(128, model.config?.nCtx ?? 128)),
        values: true
      })
    )
  })
  const own = latestOf(() => asked.value)
  const sinusoidal = computed<Asked<Dataset> | null>(() => {
    const { model } = subject()
    const shape = own.value.value && matrixShape(own.value.value)
    if (!options.beside || !model || !shape) return null
    const table = { kind: 'sinusoidal', length: shape.rows, width: shape.width }
    return positionsOf(model, { table, size: most.size, values: true })
  })
  const beside = latestOf(() => sinusoidal.value)
  const working = computed(() => results.workOf(asked.value) ?? results.workOf(sinusoidal.value))

  function latestOf(one: () => Asked<Dataset> | null) {
    return useLatest(
      () => {
        const now = one()
        return now && JSON.stringify([now.params, now.of])
      },
      (_, signal) => results.ask(one()!, signal)
    )
  }
  return { asked, own, beside, working }
}
