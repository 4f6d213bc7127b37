import type { Subject } from '#common/model/subject.ts'
import { useTabs } from '../../stores/tabs.ts'
import { viewsFor } from '../../views/registry.ts'
import { subjectFor } from './open-object.ts'

/** Opens a tab that shows an object beside another one. */
export function openComparison(subject: Subject, other: Subject): void {
  const [view] = viewsFor(subject)
  if (view) useTabs().open(view.type, subjectFor(view, subject), { other: subjectFor(view, other) })
}
