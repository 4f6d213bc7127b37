import { computed, type ComputedRef } from 'vue'
import { visibleText } from '#common/text/visible-text.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import type { ReadTexts } from '../../stores/analyses.ts'
import { useLibrary } from '../../stores/library.ts'
import { libraryKind, partsOf, textsOfPair, type ComparedTexts } from './compared-texts.ts'

/** The texts that are chosen to be compared. @param mostParts lines or sentences of the text that is shown */
export function useComparedTexts(
  subject: () => ViewSubject,
  over: () => ComparedTexts | null,
  mostParts: number
): {
  /** Null of the text as it is, also where those that were chosen are there no more. */
  readonly texts: ComputedRef<ReadTexts | null>
  /** What is said where they are there no more. */
  readonly lost: ComputedRef<string | null>
} {
  const library = useLibrary()
  const texts = computed<ReadTexts | null>(() => {
    const own = over()
    if (own === null) return null
    if (own.kind === 'lines' || own.kind === 'sentences')
      return partsOf(subject().run, own.kind, mostParts)
    const kept = libraryKind(own.kind)
    const item = library.items.find(({ kind, name }) => kind === kept && name === own.name)
    if (item?.kind === 'corpus') return own.kind === 'corpus' ? item : { ...item, sentences: true }
    return item?.kind === 'pair' ? textsOfPair(item) : null
  })
  const lost = computed(() => {
    const own = over()
    const kind = own === null ? null : libraryKind(own.kind)
    return own === null || kind === null || texts.value !== null
      ? null
      : `There is no ${kind} “${visibleText(own.name)}” any more.`
  })
  return { texts, lost }
}
