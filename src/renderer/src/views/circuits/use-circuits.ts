import { computed } from 'vue'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { wardTrees } from '#common/figure/views/circuits-view.ts'
import { headNumberNamed } from '#common/figure/views/head-weight-numbers.ts'
import { useLatest } from '../../reactive/use-latest.ts'
import { useResults, type Asked } from '../../stores/results.ts'
import type { Dataset } from '#common/data/dataset.ts'
import { circuitsOf, compositionOf, headWeightsOf } from '../../stores/weight-analyses.ts'
import type { CircuitsOptions } from './circuits-options.ts'

/** Products of a circuit over all tokens that are made unasked: some seconds. */
const fewProducts = 2e9

/** What heads are by their weights: of all heads what is chosen, and of one its eigenvalues and circuits. */
export function useCircuits(
  model: () => ModelInfo,
  place: () => { readonly layer: number; readonly head: number },
  options: CircuitsOptions
) {
  const results = useResults()
  /** A matrix is of numbers of two heads alone. */
  const number = computed(() => {
    const own = headNumberNamed(options.number)
    return options.form === 'matrix' && !own.ofTwo ? headNumberNamed('K_composition') : own
  })
  const tree = computed(() => wardTrees.find(({ name }) => name === options.by)!)

  const all = useAsked(() => {
    if (options.form === 'tree') return headWeightsOf(model(), { parts: [tree.value.part] })
    const { analysis, params } = number.value
    return analysis === 'composition' ? compositionOf(model()) : headWeightsOf(model(), params)
  })
  const layer = useAsked(() =>
    headWeightsOf(model(), { layers: [place().layer], parts: ['norms', 'eigenvalues'] })
  )
  const isQuick = computed(() => {
    const { dVocab = 0, dHead = 0 } = model().config ?? {}
    return dVocab ** 2 * dHead <= fewProducts
  })
  const wantsTokens = computed(() => isQuick.value || options.tokens)
  const tokens = useAsked(() =>
    wantsTokens.value ? circuitsOf(model(), place().layer, place().head) : null
  )

  /** What one request comes to; that of another is not shown for it. */
  function useAsked(asked: () => Asked<Dataset> | null) {
    const now = computed(asked)
    const key = computed(() => now.value && keyOf(now.value))
    const latest = useLatest(
      () => key.value,
      async (of, signal) => ({ of, result: await results.ask(now.value!, signal) })
    )
    return {
      latest,
      shown: computed(() => {
        const found = latest.value.value
        return found !== null && found.of === key.value ? found.result : null
      }),
      work: computed(() => results.workOf(now.value))
    }
  }

  return { number, all, layer, tokens, wantsTokens }
}

function keyOf({ name, params, of }: Asked<Dataset>): string {
  return JSON.stringify([name, params, of])
}
