import { hasWordsOf } from '#common/text/has-words.ts'
import type { View, ViewGroup } from './view.ts'
import { viewGroups } from './view.ts'

/** The views of each group that holds some whose name, question, words, group or object has every word of a query. */
export function galleryGroups(
  views: readonly View[],
  query: string
): { readonly name: ViewGroup; readonly views: readonly View[] }[] {
  const isFound = hasWordsOf(query)
  const found = views.filter(({ name, question, words, group, accepts }) =>
    isFound(`${name} ${question} ${words} ${group} ${accepts.join(' ')}`)
  )
  return viewGroups
    .map(name => ({ name, views: found.filter(({ group }) => group === name) }))
    .filter(({ views }) => views.length > 0)
}
