import { corpusInputs, type LibraryItem } from '#common/model/library.ts'
import type { RunInput } from '#common/model/run-input.ts'

/** The texts and lists that something says anywhere in it. */
interface Said {
  readonly texts: ReadonlySet<string>
  /** As JSON. */
  readonly lists: ReadonlySet<string>
}

/** @param json of which no list is that of an item but one of token ids or of edits */
export function saidIn(json: unknown): Said {
  const [texts, lists] = [new Set<string>(), new Set<string>()]
  function look(value: unknown): void {
    if (typeof value === 'string') texts.add(value)
    if (typeof value !== 'object' || value === null) return
    if (Array.isArray(value) && isOfItem(value)) lists.add(JSON.stringify(value))
    Object.values(value).forEach(look)
  }
  look(json)
  return { texts, lists }
}

/** Whether all that is in an item is said: its texts and files, or its edits. */
export function isSaid(item: LibraryItem, said: Said): boolean {
  const isRead = (input: RunInput | { path: string }) => {
    if ('ids' in input) return said.lists.has(JSON.stringify(input.ids))
    return said.texts.has('text' in input ? input.text : input.path)
  }
  switch (item.kind) {
    case 'text':
      return isRead(item.input)
    case 'pair':
      return isRead(item.clean) && isRead(item.corrupt)
    case 'corpus':
      return corpusInputs(item.of).every(isRead)
    case 'edits':
      return said.lists.has(JSON.stringify(item.edits))
    case 'layout':
      return false
  }
}

function isOfItem([first]: readonly unknown[]): boolean {
  return (
    typeof first === 'number' || (typeof first === 'object' && first !== null && 'hook' in first)
  )
}
