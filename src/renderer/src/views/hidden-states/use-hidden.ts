import { computed } from 'vue'
import type { LayerPlace } from '#common/analysis/hidden-states/layer-place.ts'
import type { NamedCorpus } from '#common/model/library.ts'
import { inputText } from '#common/text/input-text.ts'
import { visibleText } from '#common/text/visible-text.ts'
import { writtenTokens } from '#common/text/written-tokens.ts'
import { hiddenParams } from '#common/figure/views/hidden-view.ts'
import { useLatest } from '../../reactive/use-latest.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import { hiddenStatesOf } from '../../stores/analyses.ts'
import { useLibrary } from '../../stores/library.ts'
import { useResults } from '../../stores/results.ts'
import type { HiddenOptions } from './hidden-options.ts'

/** Lines of a text that are compared at most. */
const mostLines = 200

/** Hidden states of a subject's text, and of the texts that are compared. */
export function useHidden(
  subject: () => ViewSubject,
  options: HiddenOptions,
  mayAsk: () => boolean
) {
  const results = useResults()
  const library = useLibrary()
  const layer = computed<LayerPlace>(() => (options.embedding ? 'input' : subject().layer))
  /** Texts under a name; null of the text as it is, also where they are there no more. */
  const texts = computed<NamedCorpus | null>(() => {
    const { over } = options
    if (over === null) return null
    if (over.kind === 'lines') return linesOf(subject())
    const item = library.items.find(({ kind, name }) => kind === over.kind && name === over.name)
    if (item?.kind === 'corpus') return item
    if (item?.kind !== 'pair') return null
    const { name, clean, corrupt } = item
    const both = [clean, corrupt].map(input => ({ name: inputText(input).slice(0, 200), input }))
    return { kind: 'corpus', name, of: { texts: both }, window: null, stride: null }
  })
  const lost = computed(() => {
    const { over } = options
    return over === null || over.kind === 'lines' || texts.value !== null
      ? null
      : `There is no ${over.kind} “${visibleText(over.name)}” any more: this is of the text.`
  })
  /** The word whose places are compared: a text, or the id of the token that is selected. */
  const word = computed<string | number | null>(() => {
    if (options.form !== 'word') return null
    if (options.word !== '') return options.word
    const { run, cell } = subject()
    return run?.tokens[cell?.query ?? run.tokens.length - 1]?.id ?? null
  })
  const askedOf = (corpus: NamedCorpus | null) => {
    const { model, run } = subject()
    if (!model || !run || !mayAsk()) return null
    const params = {
      ...hiddenParams({ layer: layer.value, word: null, sentence: options.sentence }),
      ...{ word: word.value }
    }
    return {
      ...{ model, run, corpus, layer: layer.value, word: word.value },
      asked: hiddenStatesOf(run, corpus, params)
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
    ...{ layer, texts, lost, own, others },
    work: computed(
      () =>
        results.workOf(ownAsked.value?.asked ?? null) ??
        results.workOf(textsAsked.value?.asked ?? null)
    )
  }
}

/** The lines of the text that say something, each a text. */
function linesOf({ run }: ViewSubject): NamedCorpus | null {
  const input = run?.source.input
  const lines = input && 'text' in input ? input.text.split(/\r?\n/) : []
  const said = lines.map(line => line.trim()).filter(line => line !== '')
  if (said.length === 0) return null
  const texts = said
    .slice(0, mostLines)
    .map(text => ({ name: text.slice(0, 200), input: { text } }))
  return { kind: 'corpus', name: 'its lines', of: { texts }, window: null, stride: null }
}

export type ShownStates = NonNullable<ReturnType<typeof useHidden>['own']['value']['value']>
