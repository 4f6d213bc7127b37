import type { Subject } from '#common/model/subject.ts'
import { useFocus } from '../../stores/focus.ts'
import { useTabs } from '../../stores/tabs.ts'
import { viewsFor } from '../../views/registry.ts'
import { subjectFor } from './open-object.ts'

/** Opens a tab that shows an object beside another one; of what is no place in a model, at the head looked at. */
export function openComparison(subject: Subject, other: Subject): void {
  const [view] = viewsFor(subject)
  if (!view) return
  const { layer, head } = useFocus().subject
  const placed = ({ at, ...of }: Subject) =>
    subjectFor(view, { ...of, at: at.layer === undefined ? { ...at, layer, head } : at })
  useTabs().open(view.type, placed(subject), { other: placed(other) })
}
