import type { Layout } from '#common/model/layout.ts'
import { useLibrary } from '../../stores/library.ts'
import { builtInLayouts } from './built-in-layouts.ts'

/** Every layout that can be chosen: those that are there from the start, then one's own. */
export function knownLayouts(): readonly { readonly name: string; readonly layout: Layout }[] {
  return [...builtInLayouts, ...useLibrary().layouts]
}
