import { objectSet, partId, type ObjectSet } from '#common/model/object-set.ts'
import type { Head } from '../stores/selection.ts'
import type { ViewSubject } from './use-subject.ts'

/** Where what is selected together stands: views mark it where they show such objects. */
type Selecting = Pick<ViewSubject, 'selected' | 'run'>

const none: ReadonlySet<never> = new Set()

/**
 * Positions of tokens in the text: of those that are selected, at positions that are, or of entries that are.
 * @param isLinked whether what is drawn is the subject's run; of another run there are none
 */
export function selectedPositions(
  { selected, run }: Selecting,
  isLinked = true
): ReadonlySet<number> {
  if (selected === null || run === null || !isLinked) return none
  const { kind, ids } = selected
  if (kind === 'token' || kind === 'position') return new Set(ids.map(Number))
  if (kind !== 'entry') return none
  const own = new Set(ids)
  return new Set(run.tokens.flatMap(({ id }, position) => (own.has(String(id)) ? [position] : [])))
}

/** Rows of positions: of those that are selected, and where tokens are. */
export function selectedRows({ selected }: Selecting): ReadonlySet<number> {
  return selected?.kind === 'token' || selected?.kind === 'position'
    ? new Set(selected.ids.map(Number))
    : none
}

/** Ids in the vocabulary: of entries that are selected, and of tokens of the text. */
export function selectedEntries(subject: Selecting): ReadonlySet<number> {
  const { selected, run } = subject
  if (selected?.kind === 'entry') return new Set(selected.ids.map(Number))
  const ids = [...selectedPositions(subject)].flatMap(position => run?.tokens[position]?.id ?? [])
  return ids.length === 0 ? none : new Set(ids)
}

/** Heads, or neurons, by `partId`. */
export function selectedParts(
  { selected }: Selecting,
  kind: 'head' | 'neuron'
): ReadonlySet<string> {
  return selected?.kind === kind ? new Set(selected.ids) : none
}

/** Heads to be selected together; null of none. */
export function headSet(heads: readonly Head[]): ObjectSet | null {
  return objectSet(
    'head',
    heads.map(({ layer, head }) => partId(layer, head))
  )
}
