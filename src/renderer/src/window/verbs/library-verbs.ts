import type { LibraryItem, PastRun } from '#common/model/library.ts'
import type { RunInput } from '#common/model/run-input.ts'
import type { RunSource } from '#common/model/run-source.ts'
import type { Subject } from '#common/model/subject.ts'
import { visibleText } from '#common/text/visible-text.ts'
import { inputText } from '../../stores/carried.ts'
import { useLibrary } from '../../stores/library.ts'
import type { MenuEntry } from '../../stores/menu.ts'
import { useModels } from '../../stores/models.ts'
import { refOf } from '../../stores/runs.ts'
import { useTabs } from '../../stores/tabs.ts'
import { useWindow } from '../../stores/window.ts'
import { runAgain, runInput } from '../run-input.ts'
import { verbsOf } from './verbs.ts'

/** What can be done with a run of the history. */
export function pastVerbs(past: PastRun): MenuEntry[] {
  const library = useLibrary()
  const { source, modelName } = past
  const { active } = useModels()
  const list = (title: string, run: () => void, note?: string): MenuEntry => ({
    title,
    section: 'List',
    note,
    run
  })
  const isOther = active?.path !== source.model.path
  const again = (title: string, note?: string): MenuEntry => ({
    title,
    section: 'Run',
    note,
    run: () => void runAgain(past)
  })
  return [
    ...(isOther ? [] : [again('Run again', 'Enter')]),
    ...runVerbs(source.input, isOther),
    ...(isOther ? [again(`Run with ${visibleText(modelName)}`)] : []),
    list('Name it…', () => nameInput(source.input), 'F2'),
    ...objectVerbs(isOther ? subjectOf(source.input) : { run: source, at: {} }),
    copyText(source.input),
    list('Remove from the list', () => void library.forget([past], 'A run'), 'Delete'),
    list('Remove all that ran', () => void library.forget(library.history, 'All that ran'))
  ]
}

/** What can be done with what has a name. */
export function itemVerbs(item: LibraryItem): MenuEntry[] {
  const library = useLibrary()
  const own = (title: string, run: () => void, note?: string): MenuEntry => ({
    title,
    section: 'Name',
    note,
    run
  })
  return [
    ...runVerbs(item.input),
    own('Rename', () => (library.renaming = item), 'F2'),
    own('Change…', () => draft(item, item.name)),
    own('Duplicate and change…', () => draft(item, null)),
    ...objectVerbs(subjectOf(item.input)),
    copyText(item.input),
    { title: 'Delete', section: 'List', note: 'Delete', run: () => void library.remove(item) }
  ]
}

/** Runs a run of the history again where it is of the focused tab's model, else its text with that. */
export function openPast(past: PastRun): void {
  const { active } = useModels()
  if (active === null || active.path === past.source.model.path) void runAgain(past)
  else void runInput(past.source.input)
}

/** Runs a text in the focused tab. */
export function openItem(item: LibraryItem): void {
  void runInput(item.input)
}

/** Why an item cannot be kept as it is; null where it can. */
export function whyNot(item: LibraryItem): string | null {
  if (item.name.trim() === '') return 'It needs a name.'
  return inputText(item.input).trim() === '' ? 'There is no text.' : null
}

/** Gives a text a name like its beginning, to be typed over where it is listed. */
export function nameInput(input: RunInput): void {
  const library = useLibrary()
  useWindow().explore('texts')
  const known = library.named(input)
  if (known) library.renaming = known
  else void library.add({ kind: 'text', name: inputText(input), input })
}

/** Opens an item to be changed, or a copy of it. */
export function draft(item: LibraryItem, instead: string | null): void {
  const library = useLibrary()
  library.drafted = { item: instead === null ? library.withFreeName(item) : item, instead }
  useWindow().dialog = 'item'
}

/** @param here whether the focused tab is among where it can run */
function runVerbs(input: RunInput, here = true): MenuEntry[] {
  const tabs = useTabs()
  const { active } = useModels()
  if (!active) return []
  const others = tabs.groups.filter(group => group !== tabs.scope)
  const title = `Run with ${visibleText(active.name)}`
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
function subjectOf(input: RunInput): Subject | null {
  const { active } = useModels()
  if (!active || active.notRunnable !== null) return null
  const run: RunSource = { model: refOf(active), input, edits: [], provider: 'auto' }
  return { run, at: {} }
}

function objectVerbs(subject: Subject | null): MenuEntry[] {
  if (subject === null) return []
  return verbsOf(subject, useTabs().scope).map(entry => ({ ...entry, note: undefined }))
}

function copyText(input: RunInput): MenuEntry {
  const run = () => void navigator.clipboard.writeText(inputText(input))
  return { title: 'Copy the text', section: 'Copy', run }
}
