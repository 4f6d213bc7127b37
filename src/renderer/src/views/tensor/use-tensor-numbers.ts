import { computed } from 'vue'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { useLatest } from '../../reactive/use-latest.ts'
import { useResults } from '../../stores/results.ts'
import { numbersForms } from './tensor-forms.ts'

/** Of what numbers are wanted, and in which form. */
export interface WantedNumbers {
  readonly model: ModelInfo
  readonly tensor: string
  readonly form: keyof typeof numbersForms
}

/** The numbers of all of a tensor; those of another form, tensor or model are not shown for them. */
export function useTensorNumbers(wanted: () => WantedNumbers | null) {
  const results = useResults()
  const asked = computed(() => {
    const { model, tensor, form } = wanted() ?? {}
    if (!model || tensor === undefined || form === undefined) return null
    return numbersForms[form].asked(model, { tensors: [tensor] })
  })
  const numbers = useLatest(
    () => {
      const own = wanted()
      return own && { form: own.form, model: own.model.id, tensor: own.tensor }
    },
    (_, signal) => results.ask(asked.value!, signal)
  )
  return { numbers, work: computed(() => results.workOf(asked.value)) }
}
