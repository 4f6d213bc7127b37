import { kindOf, type Scope, type Subject } from '#common/model/subject.ts'
import type { MenuEntry } from '../../stores/menu.ts'
import { viewsFor } from '../../views/registry.ts'
import { compareVerbs } from './compare-verbs.ts'
import { editVerbs } from './edit-verbs.ts'
import { objectName } from './object-name.ts'
import { openObject } from './open-object.ts'

/**
 * All that can be done with an object: the views that take it, those that compare it, and what can be changed of it.
 * @param scope whose edits are changed
 */
export function verbsOf(subject: Subject, scope: Scope): MenuEntry[] {
  const open = openVerbs(subject).map((verb, i) =>
    i === 0 ? { ...verb, note: 'double-click' } : verb
  )
  return [...open, ...compareVerbs(subject), ...editVerbs(subject, scope), ...copyVerbs(subject)]
}

/** The views that take an object, the one that is made for it first. */
export function openVerbs(subject: Subject): MenuEntry[] {
  return viewsFor(subject).map(view => ({
    title: `Open as ${view.name.toLowerCase()}`,
    section: 'Open',
    run: () => openObject(subject, view)
  }))
}

function copyVerbs(subject: Subject): MenuEntry[] {
  const kind = kindOf(subject)
  if (kind === 'cell') return []
  const text =
    kind === 'run' && 'run' in subject ? JSON.stringify(subject.run) : objectName(subject)
  const title = kind === 'run' ? 'Copy as JSON' : 'Copy its name'
  return [{ title, section: 'Copy', run: () => void navigator.clipboard.writeText(text) }]
}
