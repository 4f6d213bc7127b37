import { computed } from 'vue'
import { sideNames } from '#common/analysis/head-comparison/compared-model.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import type { ReadSide } from '#common/figure/views/compared-heads-figures.ts'
import type { Latest } from '../../reactive/use-latest.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import { useModels } from '../../stores/models.ts'

interface Side {
  readonly subject: () => Pick<ViewSubject, 'model'>
  readonly latest: Pick<Latest<ReadSide>, 'value'>
}

/** What two sides have come to, and what models are called: those that it is of may not be those that are looked at by now. */
export function useReadSides(first: Side, second: Side) {
  const models = useModels()
  const nameOf = (model: ModelInfo | null) => model && models.nameAt(model.path)
  const namesOf = (a: ModelInfo | null, b: ModelInfo | null) =>
    sideNames(nameOf(a) ?? 'the first', nameOf(b) ?? 'the second')

  /** Null until both have come to something. */
  const read = computed<[ReadSide, ReadSide] | null>(() => {
    const [a, b] = [first.latest.value.value, second.latest.value.value]
    return a && b ? [a, b] : null
  })
  const namesNow = computed(() => namesOf(first.subject().model, second.subject().model))
  const names = computed(() => {
    if (read.value === null) return namesNow.value
    const [a, b] = read.value
    return namesOf(a.model, b.model)
  })
  return { read, names, namesNow }
}
