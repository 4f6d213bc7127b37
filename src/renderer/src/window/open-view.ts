import { useFocus } from '../stores/focus.ts'
import { useTabs, type Opening } from '../stores/tabs.ts'
import type { View } from '../views/view.ts'
import { subjectFor } from './verbs/open-object.ts'

/** Opens a view of what the focused tab is about: of its group, or of the subject that it stays on. */
export function openView(view: View, how: Opening = {}): void {
  if (view.of === 'session') {
    useTabs().open(view.type, undefined, how)
    return
  }
  const on = useFocus().tab?.context.on
  const isAlone = on !== undefined && typeof on !== 'string'
  useTabs().open(view.type, isAlone ? subjectFor(view, on) : undefined, how)
}
