import { computed } from 'vue'
import { ranksByIds, ranksOfCounts, type TokenRanks } from '#common/figure/point-colors.ts'
import { visibleText } from '#common/text/visible-text.ts'
import { useLatest } from '../../reactive/use-latest.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import { tokenCountsOf } from '../../stores/analyses.ts'
import { useCorpora } from '../../stores/corpora.ts'
import { useResults } from '../../stores/results.ts'
import type { ProjectorOptions } from './projector-options.ts'

/** How frequent tokens are: in a corpus that was chosen, or as the order of their ids says, for want of one. */
export function useFrequencies(subject: () => ViewSubject, options: ProjectorOptions) {
  const results = useResults()
  const corpora = useCorpora()
  const corpus = computed(
    () => corpora.all.find(({ name }) => name === options.frequencyOf) ?? null
  )
  const asked = computed(() => {
    const { model } = subject()
    return options.color === 'frequency' && model !== null && corpus.value !== null
      ? tokenCountsOf(model, corpus.value)
      : null
  })
  const latest = useLatest(
    () => asked.value && JSON.stringify([asked.value.params, asked.value.of]),
    async (_, signal) => results.ask(asked.value!, signal)
  )
  /** Null until they are counted, there and in this vocabulary. */
  const ranks = computed<TokenRanks | null>(() => {
    if (corpus.value === null) return ranksByIds
    const ranks = latest.current.value
    return ranks && ranksOfCounts(ranks, corpus.value.name)
  })
  /** What is said of colours that stand for frequencies. */
  const note = computed(() => {
    if (options.color !== 'frequency') return null
    if (corpus.value !== null) return null
    const lost =
      options.frequencyOf === null
        ? ''
        : `There is no corpus “${visibleText(options.frequencyOf)}” any more. `
    return `${lost}The order of token ids stands in for how frequent tokens are: many tokenizers number what they merged first, which is frequent, first. Choose a corpus to count them there.`
  })
  return {
    ...{ corpus, ranks, note, error: latest.error, retry: () => latest.retry() },
    working: computed(() => results.workOf(asked.value))
  }
}
