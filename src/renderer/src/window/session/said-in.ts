import { CorpusInput } from '#common/analysis/subject.ts'
import type { SessionWindow } from '#common/contract/session-window.ts'
import { corpusInputs, type LibraryItem } from '#common/model/library.ts'

/** Inputs and edits that are somewhere, each as JSON. */
export type Said = ReadonlySet<string>

/**
 * What is typed in a window, and the inputs and edits anywhere in it and in other JSON. Other words of theirs, such as what a tab's
 * type is called, are nothing that is read.
 */
export function saidIn(window: SessionWindow, ...json: readonly unknown[]): Said {
  const said = new Set<string>()
  function look(value: unknown): void {
    if (typeof value !== 'object' || value === null) return
    if (isInput(value) || isEdits(value)) said.add(JSON.stringify(value))
    else Object.values(value).forEach(look)
  }
  const typed = [...window.groups, ...(window.alone ?? [])]
  const texts = typed.flatMap(({ texts = {} }) => Object.values(texts))
  look([...texts, window.carried ?? ''].map(text => ({ text })))
  look([window, ...json])
  return said
}

/** Whether all that is in an item is said: its texts and files, or its edits. */
export function isSaid(item: LibraryItem, said: Said): boolean {
  const isIn = (part: unknown) => said.has(JSON.stringify(part))
  switch (item.kind) {
    case 'text':
      return isIn(item.input)
    case 'pair':
      return isIn(item.clean) && isIn(item.corrupt)
    case 'corpus':
      return corpusInputs(item.of).every(isIn)
    case 'edits':
      return isIn(item.edits)
    case 'layout':
      return false
  }
}

/** Whether it is an input and no more: what has a text beside other things, such as a token or a finding, is none. */
function isInput(value: object): boolean {
  return CorpusInput.safeParse(value).success
}

function isEdits(value: object): boolean {
  const [first] = Array.isArray(value) ? (value as readonly unknown[]) : []
  return typeof first === 'object' && first !== null && 'hook' in first
}
