import { subjectModel, type On, type Subject } from '#common/model/subject.ts'
import { useFocus } from '../../stores/focus.ts'
import { useTabs, type Opening } from '../../stores/tabs.ts'
import { viewOf, viewsFor } from '../../views/registry.ts'
import type { View } from '../../views/view.ts'

/** Opens a tab that stays on an object, with the view that is made for it where none is named. */
export function openObject(
  subject: Subject,
  view: View | undefined = viewsFor(subject)[0],
  how: Opening = {}
): void {
  if (!view) return
  const { query, key } = subject.at
  useTabs().open(view.type, subjectFor(view, subject), how)
  // A cell is selected where it is looked at; the tab stays on its head.
  if (query !== undefined) useFocus().subject.selectCell({ query, key: key ?? query })
}

/**
 * Goes to an object: the focused tab does, where it follows a group and shows such things; else one is opened for a
 * look.
 */
export function exploreObject(subject: Subject): void {
  const { tab, subject: focused } = useFocus()
  const { layer, head } = subject.at
  const follows = typeof tab?.context.on === 'string'
  const here = focused.model?.path === subjectModel(subject).path
  if (follows && here && layer !== undefined && viewOf(tab.type)?.of === 'run')
    focused.selectHead(layer, head ?? focused.head)
  else openObject(subject, undefined, { preview: true })
}

/** What a tab of a view stays on when it is opened for an object. */
export function subjectFor(view: View, subject: Subject): On {
  const { layer, head, neuron, tensor } = subject.at
  if (view.of === 'model' || !('run' in subject))
    return { model: subjectModel(subject), at: tensor === undefined ? {} : { tensor } }
  const at = {
    ...(layer !== undefined && { layer }),
    ...(head !== undefined && { head }),
    ...(neuron !== undefined && { neuron })
  }
  return { run: subject.run, at }
}
