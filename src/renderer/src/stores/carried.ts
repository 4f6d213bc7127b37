import type { Run } from '#common/contract/schemas.ts'
import { carriedPosition } from '#common/text/carried-position.ts'
import { inputText } from '#common/text/input-text.ts'
import type { Cell, Hover } from '#common/model/subject.ts'
import type { RunInput } from '#common/model/run-input.ts'
import type { RunSource } from '#common/model/run-source.ts'

/** Whether two inputs are the same text, or the same ids. */
export function sameInput(a: RunInput, b: RunInput): boolean {
  return 'text' in a === 'text' in b && inputText(a) === inputText(b)
}

/** Whether two runs are of the same model, input and edits, whichever provider computed them. */
export function sameSource(a: RunSource, b: RunSource): boolean {
  const told = ({ model, input, edits }: RunSource) => JSON.stringify([model, input, edits])
  return told(a) === told(b)
}

/** Whether positions of one run can be found in the other: they are the same run, or read the same text. */
export function sharesText(a: Run, b: Run): boolean {
  if (a.id === b.id) return true
  const { input: from } = a.source
  const { input: to } = b.source
  return 'text' in from && 'text' in to && from.text === to.text
}

/** A position of one run in another: the same one in an equal run, else by its characters; null where there is none. */
export function carried(position: number, from: Run, to: Run): number | null {
  if (from.id === to.id) return position < to.tokens.length ? position : null
  return sharesText(from, to) ? carriedPosition(position, from.tokens, to.tokens) : null
}

/** A cell of one run's patterns in another's, itself where it is the same; null where it has none. */
export function carriedCell(cell: Cell, from: Run, to: Run): Cell | null {
  const { query, key } = cell
  const there = { query: carried(query, from, to), key: carried(key, from, to) }
  if (there.query === query && there.key === key) return cell
  return there.query === null || there.key === null ? null : { query: there.query, key: there.key }
}

/** What is pointed at in one run, in another, itself where it is the same; null where nothing of it is there. */
export function carriedHover(hover: Hover, from: Run, to: Run): Hover | null {
  const { query, key } = hover
  const there = {
    query: query === null ? null : carried(query, from, to),
    key: key === null ? null : carried(key, from, to)
  }
  if (there.query === query && there.key === key) return hover
  return there.query === null && there.key === null ? null : there
}
