import type { MenuEntry } from '../../stores/menu.ts'
import { newCorpus } from './corpus-verbs.ts'
import { draft } from './draft.ts'
import { newPair } from './pair-verbs.ts'

/** What can be made anew and given a name. */
export function newVerbs(): MenuEntry[] {
  const section = 'New'
  return [
    {
      title: 'Text…',
      section,
      run: () => draft({ kind: 'text', name: 'New text', input: { text: '' } }, null)
    },
    { title: 'Contrast pair…', section, run: () => newPair({ text: '' }, { text: '' }) },
    { title: 'Corpus…', section, run: newCorpus }
  ]
}
