import type { PastRun } from '#common/model/library.ts'
import type { RunInput } from '#common/model/run-input.ts'
import { inputText } from '#common/text/input-text.ts'
import { useLibrary } from '../../stores/library.ts'
import { useSession } from '../../stores/session.ts'
import type { MenuEntry, MenuItem } from '../../stores/menu.ts'
import { useModels } from '../../stores/models.ts'
import { useWindow } from '../../stores/window.ts'
import { runAgain, runInput } from '../run-input.ts'
import { copyEntry } from './copy-entry.ts'
import { objectVerbs, runVerbs, subjectOf } from './input-verbs.ts'
import { nameEdits } from './item-verbs.ts'
import { pairVerb } from './pair-verbs.ts'

/** Runs a run of the history again where it is of the focused tab's model, else its text with that. */
export function openPast(past: PastRun): void {
  const { active } = useModels()
  if (active === null || active.path === past.source.model.path) void runAgain(past)
  else void runInput(past.source.input)
}

/** What can be done with a run of the history. */
export function pastVerbs(past: PastRun): MenuItem[] {
  const library = useLibrary()
  const { source } = past
  const { input, edits } = source
  const { active } = useModels()
  const entry =
    (section: string) =>
    (title: string, run: () => void, note?: string): MenuEntry => ({ title, section, note, run })
  const keep = entry('Name')
  const list = entry('List')
  const isOther = active?.path !== source.model.path
  const again = (title: string, note?: string) =>
    entry('Run')(title, () => void runAgain(past), note)
  return [
    ...(isOther ? [] : [again('Run again', 'Enter')]),
    ...runVerbs(input, isOther),
    ...(isOther ? [again(`Run with ${library.modelNameOf(past)}`)] : []),
    keep('Name it…', () => nameInput(input), 'F2'),
    ...(edits.length === 0 ? [] : [keep('Keep its edits…', () => nameEdits(edits))]),
    ...objectVerbs(isOther ? subjectOf(input) : { run: source, at: {} }, pairVerb(input)),
    copyEntry('Copy the text', inputText(input)),
    list('Remove from the list', () => void library.forget([past]), 'Delete'),
    list(
      'Remove all that ran',
      () => void library.forget([...library.history, ...useSession().runs])
    )
  ]
}

/** Gives a text a name like its beginning, to be typed over where it is listed. */
export function nameInput(input: RunInput): void {
  const library = useLibrary()
  useWindow().explore('texts')
  const known = library.named(input)
  if (known) library.renaming = known
  else void library.add({ kind: 'text', name: inputText(input), input })
}
