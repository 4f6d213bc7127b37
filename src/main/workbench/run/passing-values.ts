import { isResidual } from '#common/model/hooks.ts'
import { sliceOfFirstAxis, type Tensor } from '#common/model/tensor.ts'
import { closeFiled } from '../../files/filed-tensor.ts'
import type { KeptTensor } from '../../trace/encoding.ts'
import { createBoundedMap } from '../bounded-map.ts'
import type { RunValues } from './run-values.ts'

/** Residuals of runs that pass, in bytes: of a run that has more, the first are computed again once the last are done. */
const mostPassing = 2 ** 28

/**
 * The values of runs that are gone through once: what is kept of them beneath is read, and what they compute is not kept
 * there. Their residuals stay in memory for as long as this does, as far as there is room; all else is given and let go.
 * @param runs their ids; the values of any other run are kept beneath
 */
export function passingValues(
  beneath: RunValues,
  runs: ReadonlySet<string>,
  most = mostPassing
): RunValues {
  const held = createBoundedMap<Tensor>(most, ({ data }) => data.byteLength)
  const keyOf = (run: string, hook: string) => `${run} ${hook}`

  function hold(run: string, hook: string, { shape, data }: KeptTensor): Tensor {
    const value = { shape, data: data instanceof Float32Array ? data : new Float32Array(data) }
    if (isResidual(hook)) held.set(keyOf(run, hook), value)
    return value
  }

  return {
    async get(run, hook, index) {
      const own = held.get(keyOf(run, hook))
      if (own === undefined) return beneath.get(run, hook, index)
      return index === undefined ? own : sliceOfFirstAxis(own, index)
    },

    async first(run, hooks) {
      for (const [place, hook] of hooks.entries()) {
        const value = held.get(keyOf(run, hook))
        if (value === undefined) continue
        const before = hooks.slice(0, place)
        return (before.length > 0 ? await beneath.first(run, before) : null) ?? { hook, value }
      }
      return beneath.first(run, hooks)
    },

    missing: (run, hooks) =>
      beneath.missing(
        run,
        hooks.filter(hook => held.get(keyOf(run, hook)) === undefined)
      ),

    async put(run, hook, value, layout) {
      if (!runs.has(run)) await beneath.put(run, hook, value, layout)
      else if ('data' in value) hold(run, hook, value)
      // Residuals are read.
      else closeFiled(value)
    },

    async keep(run, hook, value, layout, index) {
      if (!runs.has(run)) return beneath.keep(run, hook, value, layout, index)
      const own = hold(run, hook, value)
      return index === undefined ? own : sliceOfFirstAxis(own, index)
    }
  }
}
