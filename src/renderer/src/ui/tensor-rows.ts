import type { TensorInfo } from '#common/contract/schemas.ts'
import { hasWordsOf } from '#common/text/has-words.ts'
import { shapeText } from '#common/text/number-text.ts'

export type SortKey = 'name' | 'shape' | 'dtype' | 'parameters' | 'bytes'

/**
 * The tensors whose name, type, category, file or shape holds every word of the filter, sorted; numbers
 * inside names count as numbers, so that block 10 follows block 9.
 */
export function tensorRows(
  tensors: readonly TensorInfo[],
  filter: string,
  key: SortKey,
  descending: boolean
): TensorInfo[] {
  const isFound = hasWordsOf(filter)
  const found = tensors.filter(({ name, dtype, category, file, shape }) =>
    isFound(`${name} ${dtype} ${category} ${file} ${shapeText(shape)}`)
  )
  const sign = descending ? -1 : 1
  return found.sort((a, b) => sign * compare(a, b, key) || byName(a, b))
}

const collator = new Intl.Collator('en', { numeric: true })

function byName(a: TensorInfo, b: TensorInfo): number {
  return collator.compare(a.name, b.name)
}

function compare(a: TensorInfo, b: TensorInfo, key: SortKey): number {
  if (key === 'name') return byName(a, b)
  if (key === 'dtype') return a.dtype.localeCompare(b.dtype)
  if (key === 'shape') return compareShapes(a.shape, b.shape)
  return a[key] - b[key]
}

function compareShapes(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return a.length - b.length
  for (const [axis, length] of a.entries()) if (length !== b[axis]) return length - (b[axis] ?? 0)
  return 0
}
