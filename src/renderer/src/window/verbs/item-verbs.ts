import type { ContrastPair, LibraryItem, NamedCorpus, NamedEdits } from '#common/model/library.ts'
import type { Edit } from '#common/model/edit.ts'
import { editText } from '#common/text/edit-text.ts'
import { inputText } from '#common/text/input-text.ts'
import { useLibrary } from '../../stores/library.ts'
import type { MenuEntry, MenuItem } from '../../stores/menu.ts'
import { useModels } from '../../stores/models.ts'
import { useRuns } from '../../stores/runs.ts'
import { useTabs } from '../../stores/tabs.ts'
import { useWindow } from '../../stores/window.ts'
import { changeEdits } from '../change-edits.ts'
import { chooseLayout } from '../layouts/choose-layout.ts'
import { retakeLayout } from '../layouts/present-layout.ts'
import { runInput } from '../run-input.ts'
import { corpusVerbs, scoreOver } from './corpus-verbs.ts'
import { draft } from './draft.ts'
import { copyEntry } from './copy-entry.ts'
import { objectVerbs, runVerbs, subjectOf } from './input-verbs.ts'
import { openComparison } from './open-comparison.ts'
import { pairVerb } from './pair-verbs.ts'

/**
 * What Enter and a double click do with an item: a text runs, a pair is compared, heads are scored over a corpus, edits are
 * made in the focused run, tabs stand as a layout says.
 */
export function openItem(item: LibraryItem): void {
  if (item.kind === 'text') void runInput(item.input)
  else if (item.kind === 'pair') comparePair(item)
  else if (item.kind === 'corpus') scoreOver(item)
  else if (item.kind === 'edits') changeEdits(item.edits)
  else chooseLayout(item.layout)
}

/** What can be done with what has a name. */
export function itemVerbs(item: LibraryItem): MenuItem[] {
  const library = useLibrary()
  const own = (title: string, run: () => void, note?: string): MenuEntry => ({
    title,
    section: 'Name',
    note,
    run
  })
  const changes = [
    own('Change…', () => draft(item, item.name)),
    own('Duplicate and change…', () => draft(item, null))
  ]
  return [
    ...openVerbs(item),
    own('Rename', () => (library.renaming = item), 'F2'),
    ...(item.kind === 'edits' || item.kind === 'layout' ? [] : changes),
    ...partVerbs(item),
    { title: 'Delete', section: 'List', note: 'Delete', run: () => void library.remove(item) }
  ]
}

/** Why an item cannot be kept as it is; null where it can. */
export function whyNot(item: LibraryItem): string | null {
  if (item.name.trim() === '') return 'It needs a name.'
  if (item.kind === 'edits' || item.kind === 'layout') return null
  if (item.kind === 'corpus') return whyNoCorpus(item)
  const inputs = item.kind === 'text' ? [item.input] : [item.clean, item.corrupt]
  if (inputs.every(input => inputText(input).trim() !== '')) return null
  return item.kind === 'text' ? 'There is no text.' : 'A text is missing.'
}

function whyNoCorpus({ of }: NamedCorpus): string | null {
  if ('texts' in of) return of.texts.length === 0 ? 'Choose its texts.' : null
  return of.seen.mark === '' ? 'It needs a file or folder.' : null
}

/** Gives edits a name like what they do, to be typed over where it is listed. */
export function nameEdits(edits: readonly Edit[]): void {
  const told = edits.map(editText).join(', ')
  const name = told.charAt(0).toUpperCase() + told.slice(1)
  useWindow().explore('texts')
  void useLibrary().add({ kind: 'edits', name, edits: [...edits] })
}

function openVerbs(item: LibraryItem): MenuEntry[] {
  const section = 'Run'
  const note = 'Enter'
  if (item.kind === 'text') return runVerbs(item.input)
  if (item.kind === 'layout')
    return [{ title: 'Arrange the tabs so', section, note, run: () => chooseLayout(item.layout) }]
  if (useModels().active === null) return []
  if (item.kind === 'pair')
    return [{ title: 'Compare the two', section, note, run: () => comparePair(item) }]
  if (item.kind === 'corpus')
    return [{ title: 'Score heads over it', section, note, run: () => scoreOver(item) }]
  return [
    { title: 'Make these edits in the run', section, note, run: () => changeEdits(item.edits) },
    { title: 'Add them to the edits it has', section, run: () => addEdits(item) }
  ]
}

function partVerbs(item: LibraryItem): MenuItem[] {
  const section = 'Parts'
  switch (item.kind) {
    case 'text':
      return [
        ...objectVerbs(subjectOf(item.input), pairVerb(item.input)),
        copyEntry('Copy the text', inputText(item.input))
      ]
    case 'pair':
      return [
        { title: 'Run the clean text', section, run: () => void runInput(item.clean) },
        { title: 'Run the corrupt text', section, run: () => void runInput(item.corrupt) },
        {
          title: 'Exchange the two',
          section,
          run: () => {
            const { clean: corrupt, corrupt: clean } = item
            void useLibrary().put({ ...item, clean, corrupt }, item.name)
          }
        },
        copyEntry('Copy as JSON', JSON.stringify({ clean: item.clean, corrupt: item.corrupt }))
      ]
    case 'corpus':
      return corpusVerbs(item)
    case 'edits':
      return [copyEntry('Copy as JSON', JSON.stringify(item.edits))]
    case 'layout':
      return [{ title: 'Take the tabs as they are now', section, run: () => retakeLayout(item) }]
  }
}

function comparePair({ clean, corrupt }: ContrastPair): void {
  const [one, other] = [subjectOf(clean), subjectOf(corrupt)]
  if (one && other) openComparison(one, other)
}

function addEdits({ edits }: NamedEdits): void {
  const { active } = useModels()
  const { scope } = useTabs()
  if (active) changeEdits([...useRuns().editsOf(active, scope), ...edits], scope)
}
