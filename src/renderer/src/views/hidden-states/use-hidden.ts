import { computed } from 'vue'
import type { LayerPlace } from '#common/analysis/hidden-states/layer-place.ts'
import { writtenTokens } from '#common/text/written-tokens.ts'
import { hiddenParams } from '#common/figure/views/hidden-view.ts'
import { useLatest } from '../../reactive/use-latest.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import { hiddenStatesOf, type ReadTexts } from '../../stores/analyses.ts'
import { useResults } from '../../stores/results.ts'
import { useComparedTexts } from '../../ui/compared-texts/use-compared-texts.ts'
import type { HiddenOptions } from './hidden-options.ts'

/** Lines or sentences of a text that are compared at most. */
const mostParts = 200

/** Hidden states of a subject's text, and of the texts that are compared. */
export function useHidden(
  subject: () => ViewSubject,
  options: HiddenOptions,
  mayAsk: () => boolean
) {
  const results = useResults()
  const layer = computed<LayerPlace>(() => (options.embedding ? 'input' : subject().layer))
  const { texts, lost } = useComparedTexts(subject, () => options.over, mostParts)
  /** The word whose places are compared: a text, or the id of the token that is selected. */
  const word = computed<string | number | null>(() => {
    if (options.form !== 'word') return null
    if (options.word !== '') return options.word
    const { run, cell } = subject()
    return run?.tokens[cell?.query ?? run.tokens.length - 1]?.id ?? null
  })
  const askedOf = (corpus: ReadTexts | null) => {
    const { model, run } = subject()
    if (!model || !run || !mayAsk()) return null
    const { sentence } = options
    const said = { layer: layer.value, word: word.value, sentence }
    return {
      ...{ model, run, corpus, ...said },
      asked: hiddenStatesOf(run, corpus, hiddenParams(said))
    }
  }
  const ownAsked = computed(() => askedOf(null))
  const own = latestOf(() => ownAsked.value)
  const textsAsked = computed(() => (texts.value === null ? null : askedOf(texts.value)))
  const others = latestOf(() => textsAsked.value)

  function latestOf(asked: () => ReturnType<typeof askedOf>) {
    return useLatest(asked, async ({ asked, ...of }, signal) => ({
      ...{ ...of, tokens: writtenTokens(of.run), result: await results.ask(asked, signal) }
    }))
  }
  return {
    ...{ layer, texts, own, others },
    lost: computed(() => lost.value && `${lost.value} This is of the text.`),
    work: computed(
      () =>
        results.workOf(ownAsked.value?.asked ?? null) ??
        results.workOf(textsAsked.value?.asked ?? null)
    )
  }
}

export type ShownStates = NonNullable<ReturnType<typeof useHidden>['own']['value']['value']>
