import { computed } from 'vue'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { mostValues } from '#common/figure/views/checkpoints-view.ts'
import { useLatest } from '../../reactive/use-latest.ts'
import { useResults } from '../../stores/results.ts'
import { differenceOf } from '../../stores/weight-analyses.ts'

/** Elements of a model of which ranks are computed unasked: some seconds. */
const smallModel = 5e6

/** What changed between two models, of all tensors and of one. */
export function useChange(
  models: () => readonly [ModelInfo, ModelInfo],
  tensor: () => string | null,
  wantsRanks: () => boolean
) {
  const results = useResults()

  const hasRanks = computed(() => wantsRanks() || models()[0].parameters <= smallModel)
  const asked = computed(() => differenceOf(...models(), { values: hasRanks.value ? 16 : 0 }))
  const latest = useLatest(
    () => ({ a: models()[0].id, b: models()[1].id, ranks: hasRanks.value }),
    async ({ a, b, ranks }, signal) => ({
      of: `${a} ${b}`,
      ranks,
      result: await results.ask(asked.value, signal)
    })
  )
  /** That of other models is not shown for these. */
  const shown = computed(() => {
    const found = latest.value.value
    const [a, b] = models()
    return found?.of === `${a.id} ${b.id}` ? found : null
  })

  const chosen = computed(() => {
    const name = tensor()
    return shown.value?.result.axes['tensor']!.labels!.includes(name ?? '') ? name : null
  })
  const askedOne = computed(() =>
    chosen.value === null
      ? null
      : differenceOf(...models(), { tensors: [chosen.value], rows: 10, values: mostValues })
  )
  const one = useLatest(
    () => askedOne.value && { of: askedOne.value.of, tensor: chosen.value! },
    async ({ tensor }, signal) => ({ tensor, result: await results.ask(askedOne.value!, signal) })
  )

  return {
    ...{ hasRanks, latest, shown, chosen, one },
    /** That of another tensor, or of other models with such a one, is not shown for it. */
    shownOne: one.current,
    work: computed(() => results.workOf(asked.value)),
    workOfOne: computed(() => results.workOf(askedOne.value))
  }
}
