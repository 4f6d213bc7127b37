import { variable, type Dataset } from '#common/data/dataset.ts'
import { changeStatistics, type ChangeStatistic } from '#common/figure/views/checkpoints-view.ts'
import { exactCount } from '#common/text/number-text.ts'
import { hasWordsOf } from '#common/text/has-words.ts'
import { visibleText } from '#common/text/visible-text.ts'
import type { CheckpointsOptions } from './checkpoints-options.ts'

/** What `diff` says of a tensor. */
export interface ChangedTensor {
  readonly name: string
  /** NaN of what is not known, or not defined. */
  readonly numbers: Readonly<Record<ChangeStatistic['name'], number>>
  readonly norms: readonly [number, number]
}

/** The tensors that both have, in the order of the files. */
export function changedTensors(result: Dataset): ChangedTensor[] {
  const column = (name: string) =>
    name in result.variables ? variable(result, name).data : undefined
  const columns = changeStatistics.map(({ name }) => [name, column(name)] as const)
  const [norm, otherNorm] = [column('norm')!, column('other_norm')!]
  return result.axes['tensor']!.labels!.map((name, i) => ({
    name,
    numbers: Object.fromEntries(
      columns.map(([name, data]) => [name, data?.[i] ?? NaN])
    ) as ChangedTensor['numbers'],
    norms: [norm[i]!, otherNorm[i]!]
  }))
}

const collator = new Intl.Collator('en', { numeric: true })

/** Those that are listed, in their order: what has no number comes last. */
export function listedTensors(
  tensors: readonly ChangedTensor[],
  { sort, filter, changedOnly }: Pick<CheckpointsOptions, 'sort' | 'filter' | 'changedOnly'>
): readonly ChangedTensor[] {
  const isFound = hasWordsOf(filter)
  const found = tensors.filter(
    ({ name, numbers }) => isFound(name) && !(changedOnly && numbers.difference === 0)
  )
  if (sort === null) return found
  const { by, descending } = sort
  const sign = descending ? -1 : 1
  if (by === 'name') return found.toSorted((a, b) => sign * collator.compare(a.name, b.name))
  return found.toSorted((a, b) => {
    const [one, other] = [a.numbers[by], b.numbers[by]]
    if (Number.isNaN(one) || Number.isNaN(other))
      return Number(Number.isNaN(one)) - Number(Number.isNaN(other))
    return sign * (one - other)
  })
}

/** What two checkpoints come to, in words. */
export function changeWords(
  tensors: readonly ChangedTensor[],
  text: (value: number) => string
): { readonly title: string; readonly text: string } {
  const known = tensors.filter(({ numbers }) => !Number.isNaN(numbers.difference))
  const changed = known.filter(({ numbers }) => numbers.difference > 0)
  const unknown = tensors.length - known.length
  const notKnown =
    unknown === 0
      ? ''
      : ` ${unknown === 1 ? '1 tensor holds' : `${exactCount(unknown)} tensors hold`} NaN or infinite numbers and cannot be compared.`
  if (changed.length === 0)
    return {
      title: 'Nothing changed',
      text: `All ${exactCount(known.length)} tensors that could be compared are the same.${notKnown}`
    }
  const root = (of: (tensor: ChangedTensor) => number) =>
    Math.sqrt(known.reduce((sum, tensor) => sum + of(tensor) ** 2, 0))
  const share = root(({ numbers }) => numbers.difference) / root(({ norms }) => norms[0])
  const most = changed.reduce((a, b) => (b.numbers.relative > a.numbers.relative ? b : a))
  return {
    title: `${exactCount(changed.length)} of ${exactCount(tensors.length)} tensors changed`,
    text:
      `Of all that both have, ‖b − a‖ is ${text(share)} of ‖a‖. ` +
      `For its size ${visibleText(most.name)} changed most, by ${text(most.numbers.relative)}.${notKnown}`
  }
}
