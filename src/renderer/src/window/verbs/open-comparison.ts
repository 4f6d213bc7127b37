import { kindOf, type Subject } from '#common/model/subject.ts'
import { useFocus } from '../../stores/focus.ts'
import { useTabs } from '../../stores/tabs.ts'
import { viewsFor } from '../../views/registry.ts'
import { subjectFor } from './open-object.ts'

/**
 * Opens a tab that shows an object beside another one, in the view that it is looked at in where that is made for such
 * objects; of what is no place in a model, at the head looked at.
 */
export function openComparison(subject: Subject, other: Subject): void {
  const { tab, subject: focused } = useFocus()
  const fitting = viewsFor(subject)
  const [first] = fitting
  if (!first) return
  const here = fitting.find(({ type }) => type === tab?.type)
  const view = here?.accepts.includes(kindOf(subject)) ? here : first
  const { layer, head } = focused
  const placed = ({ at, ...of }: Subject) =>
    subjectFor(view, { ...of, at: at.layer === undefined ? { ...at, layer, head } : at })
  useTabs().open(view.type, placed(subject), { other: placed(other) })
}
