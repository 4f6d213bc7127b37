import type { RunInput } from '#common/model/run-input.ts'
import type { RunSource } from '#common/model/run-source.ts'
import type { Subject } from '#common/model/subject.ts'
import { idsOf } from '../../stores/token-ids.ts'
import type { MenuEntry, MenuItem } from '../../stores/menu.ts'
import { useModels } from '../../stores/models.ts'
import { refOf } from '../../stores/runs.ts'
import { useTabs } from '../../stores/tabs.ts'
import { runInput } from '../run-input.ts'
import { verbsOf } from './verbs.ts'

/**
 * Where a text can run.
 * @param here whether the focused tab is among that
 */
export function runVerbs(input: RunInput, here = true): MenuEntry[] {
  const tabs = useTabs()
  const { active, nameAt } = useModels()
  if (!active) return []
  const others = tabs.groups.filter(group => group !== tabs.scope)
  const title = `Run with ${nameAt(active.path)}`
  return [
    ...(here ? [{ title, section: 'Run', note: 'Enter', run: () => void runInput(input) }] : []),
    ...others.map(group => ({
      title: `Run in group ${group}`,
      section: 'Run',
      run: () => void runInput(input, group)
    }))
  ]
}

/** A text as a run of the focused tab's model, without edits; null where none is open. */
export function subjectOf(input: RunInput): Subject | null {
  const { active } = useModels()
  if (!active || active.notRunnable !== null) return null
  const own = active.tokenizer === null ? idsOf(input) : input
  const run: RunSource = { model: refOf(active), input: own, edits: [], provider: 'auto' }
  return { run, at: {} }
}

/**
 * What can be done with a run, as with any object, where Enter and a double click are something else.
 * @param own what else, before what copies
 */
export function objectVerbs(subject: Subject | null, own: MenuEntry): MenuItem[] {
  if (subject === null) return [own]
  const all = verbsOf(subject, useTabs().scope).map(entry => ({ ...entry, note: undefined }))
  const copies = all.filter(({ section }) => section === 'Copy')
  return [...all.filter(({ section }) => section !== 'Copy'), own, ...copies]
}
