import { kindOf, type Scope, type Subject } from '#common/model/subject.ts'
import { modelSummary } from '#common/text/model-summary.ts'
import type { MenuEntry, MenuItem } from '../../stores/menu.ts'
import { useModels } from '../../stores/models.ts'
import { viewsFor } from '../../views/registry.ts'
import type { View } from '../../views/view.ts'
import { compareVerbs } from './compare-verbs.ts'
import { copyEntry } from './copy-entry.ts'
import { editVerbs } from './edit-verbs.ts'
import { objectName } from './object-name.ts'
import { openObject } from './open-object.ts'

/**
 * All that can be done with an object: the views that take it, those that compare it, and what can be changed of it.
 * @param scope whose edits are changed
 */
export function verbsOf(subject: Subject, scope: Scope): MenuItem[] {
  const [first, ...rest] = viewsFor(subject)
  return [
    ...(first ? [{ ...openVerb(subject, first), note: 'double-click' }] : []),
    ...openVerbs(subject, rest),
    ...compareVerbs(subject),
    ...editVerbs(subject, scope),
    ...copyVerbs(subject)
  ]
}

/** So many views stand in a menu itself; of more it has a level of their own. */
const fewViews = 3

/** To look at an object with other views. */
export function openVerbs(subject: Subject, views: readonly View[]): MenuItem[] {
  if (views.length <= fewViews) return views.map(view => openVerb(subject, view))
  return [{ title: 'Open as', section: 'Open', entries: viewEntries(subject, views) }]
}

/** Views that take an object, by what they are about. */
export function viewEntries(
  subject: Subject,
  views: readonly View[] = viewsFor(subject)
): MenuEntry[] {
  return views.map(view => ({
    title: view.name,
    section: view.group,
    run: () => openObject(subject, view)
  }))
}

function openVerb(subject: Subject, view: View): MenuEntry {
  return {
    title: `Open as ${view.name.toLowerCase()}`,
    section: 'Open',
    run: () => openObject(subject, view)
  }
}

function copyVerbs(subject: Subject): MenuEntry[] {
  const kind = kindOf(subject)
  if (kind === 'cell') return []
  if (kind === 'run' && 'run' in subject)
    return [copyEntry('Copy as JSON', JSON.stringify(subject.run))]
  const models = useModels()
  const model = kind === 'model' && 'model' in subject ? models.referred(subject.model) : null
  return [
    copyEntry('Copy its name', objectName(subject)),
    ...(model === null
      ? []
      : [copyEntry('Copy its summary', () => modelSummary(models.nameAt(model.path), model))])
  ]
}
