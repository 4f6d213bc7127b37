import { useFocus } from '../../stores/focus.ts'
import { useLibrary } from '../../stores/library.ts'
import { allEntries, type MenuEntry } from '../../stores/menu.ts'
import type { PaletteItem } from '../../stores/palette.ts'
import { refOf } from '../../stores/runs.ts'
import { takeBackVerbs } from '../verbs/edit-verbs.ts'
import { itemVerbs } from '../verbs/item-verbs.ts'
import { newVerbs } from '../verbs/new-verbs.ts'
import { pastVerbs } from '../verbs/past-verbs.ts'
import { tabVerbs } from '../verbs/tab-verbs.ts'
import { verbsOf } from '../verbs/verbs.ts'

/** Sections of a tab's menu that commands have, too, by longer titles. */
const commanded = new Set(['Tab', 'Close'])

/**
 * What menus offer: for the focused tab, for the head, cell, block, token, run and model that it is about, for what ran last, and
 * for all that has a name. What several of them offer alike is listed once, of the nearest.
 */
export function verbItems(): PaletteItem[] {
  const { tab, subject } = useFocus()
  const { history, items } = useLibrary()
  const { layer, head, cell, model, scope } = subject
  const places = [
    { layer, head },
    ...(cell ? [{ layer, head, ...cell }] : []),
    { layer },
    ...(cell ? [{ query: cell.query }] : []),
    {}
  ]
  const whole = subject.fixed()
  const objects = whole && 'run' in whole ? places.map(at => ({ ...whole, at })) : []
  const [last] = history
  const own = [
    ...allEntries(tab ? tabVerbs(tab.id) : []).filter(({ section }) => !commanded.has(section)),
    ...allEntries(objects.flatMap(object => verbsOf(object, scope))),
    ...allEntries(model ? verbsOf({ model: refOf(model), at: {} }, scope) : []),
    ...takeBackVerbs(scope),
    ...allEntries(last ? pastVerbs(last) : []),
    ...newVerbs()
  ].map(verb => itemOf(verb))
  const named = items.flatMap(item =>
    allEntries(itemVerbs(item)).map(verb => itemOf(verb, item.name))
  )
  return [...new Map([...own, ...named].reverse().map(item => [item.id, item])).values()].reverse()
}

function itemOf(verb: MenuEntry, note?: string): PaletteItem {
  const { title, section: group } = verb
  return { id: `verb ${title} ${note ?? ''}`, sign: '>', group, title, note, run: () => verb.run() }
}
