import { attentionView } from './attention/view.ts'
import { headView } from './head/view.ts'
import { overviewView } from './overview/view.ts'
import type { View } from './view.ts'

/** Every kind of tab, in the order the palette lists them. */
export const views: readonly View[] = [overviewView, attentionView, headView]

/** The view of a type; undefined when this version has none. */
export function viewOf(type: string): View | undefined {
  return views.find(view => view.type === type)
}
