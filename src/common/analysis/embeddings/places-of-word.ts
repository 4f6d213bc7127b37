import type { Word } from './words.ts'

/** Where a word stands in a text: of several tokens the position of the last. */
export function placesOfWord({ ids: word }: Word, ids: ArrayLike<number>): number[] {
  const places: number[] = []
  for (let end = word.length - 1; end < ids.length; end++)
    if (word.every((id, i) => ids[end - word.length + 1 + i] === id)) places.push(end)
  return places
}
