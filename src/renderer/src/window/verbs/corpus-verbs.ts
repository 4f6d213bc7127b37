import type { NamedCorpus } from '#common/model/library.ts'
import { useCorpora } from '../../stores/corpora.ts'
import type { MenuEntry } from '../../stores/menu.ts'
import { useModels } from '../../stores/models.ts'
import { useWindow } from '../../stores/window.ts'
import { copyEntry } from './copy-entry.ts'
import { draft } from './draft.ts'

/** What can be done with a corpus alone. */
export function corpusVerbs(corpus: NamedCorpus): MenuEntry[] {
  const { of } = corpus
  if (!('path' in of)) return []
  const mend = useCorpora().mend(corpus)
  const first: MenuEntry[] = mend === null ? [] : [{ ...mend, section: 'Parts' }]
  return [...first, copyEntry('Copy its path', of.path)]
}

/** Asks for a new corpus. */
export function newCorpus(): void {
  const of = { path: '', seen: { files: 0, bytes: 0, left: 0, mark: '' } }
  draft({ kind: 'corpus', name: 'New corpus', of, window: null, stride: null }, null)
}

/** Has the inspector score heads of the focused tab's model over a corpus. */
export function scoreOver({ name }: NamedCorpus): void {
  const { active } = useModels()
  if (!active) return
  useCorpora().scored = { name, modelId: active.id }
  useWindow().show('right', true)
}
