import { computed, type ComputedRef } from 'vue'
import type { NamedCorpus } from '#common/model/library.ts'
import { visibleText } from '#common/text/visible-text.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import { useLibrary } from '../../stores/library.ts'
import { linesOf, textsOfPair, type ComparedTexts } from './compared-texts.ts'

/** The texts that are chosen to be compared. @param mostLines of the text that is shown */
export function useComparedTexts(
  subject: () => ViewSubject,
  over: () => ComparedTexts | null,
  mostLines: number
): {
  /** Null of the text as it is, also where those that were chosen are there no more. */
  readonly texts: ComputedRef<NamedCorpus | null>
  /** What is said where they are there no more. */
  readonly lost: ComputedRef<string | null>
} {
  const library = useLibrary()
  const texts = computed<NamedCorpus | null>(() => {
    const own = over()
    if (own === null) return null
    if (own.kind === 'lines') return linesOf(subject().run, mostLines)
    const item = library.items.find(({ kind, name }) => kind === own.kind && name === own.name)
    if (item?.kind === 'corpus') return item
    return item?.kind === 'pair' ? textsOfPair(item) : null
  })
  const lost = computed(() => {
    const own = over()
    return own === null || own.kind === 'lines' || texts.value !== null
      ? null
      : `There is no ${own.kind} “${visibleText(own.name)}” any more.`
  })
  return { texts, lost }
}
