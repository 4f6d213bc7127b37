import { computed } from 'vue'
import { countedSplit, plainCounts, type CountedSplit } from '#common/figure/views/tokens-view.ts'
import { explainedPart } from '#common/model/text-explanation.ts'
import type { Token } from '#common/model/token.ts'
import { compareSplits } from '#common/text/compare-splits.ts'
import { useLatest } from '../../reactive/use-latest.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import { useClient } from '../../stores/client.ts'
import { useModels } from '../../stores/models.ts'
import { typedIds } from '../../stores/token-ids.ts'
import type { Against, TokensOptions } from './tokens-options.ts'

/** A way to split the text, by what the options choose it. */
export interface ChosenSplit extends CountedSplit {
  /** Null of the subject's own model. */
  readonly by: Against | null
}

/** The tokens of a subject's text, how they came about, and other ways to split it. */
export function useTokens(subject: () => ViewSubject, options: TokensOptions) {
  const models = useModels()
  /** The text that was run; null of token ids. */
  const text = computed(() => {
    const input = subject().run?.source.input
    return input && 'text' in input ? input.text : null
  })
  /** As far as it is taken apart. */
  const taken = computed(() => text.value && explainedPart(text.value))
  const model = computed(() => {
    const own = subject().model
    return own?.tokenizer ? own : null
  })

  const explanation = useLatest(
    () =>
      options.form === 'split' && model.value && taken.value !== null
        ? { modelId: model.value.id, text: taken.value }
        : null,
    async (asked, signal) => ({
      text: asked.text,
      parts: await useClient().call('text.explain', asked, { signal })
    })
  )
  const splits = useLatest(
    () =>
      options.form === 'compared' && model.value && taken.value !== null
        ? {
            own: model.value.id,
            text: taken.value,
            // Those that are open may change while the text stays.
            others: models.open.map(({ id }) => id).join(' ')
          }
        : null,
    async ({ own, text }, signal) => ({ text, list: await countedSplits(own, text, signal) })
  )
  const against = computed(() => {
    const list = splits.value.value?.list.slice(1) ?? []
    const wanted = JSON.stringify(options.against)
    return list.find(({ by }) => JSON.stringify(by) === wanted) ?? list.at(-1) ?? null
  })
  const comparison = computed(() => {
    const { value } = splits.value
    const [own] = value?.list ?? []
    return value && own && against.value ? compareSplits(value.text, [own, against.value]) : null
  })

  async function countedSplits(
    own: string,
    text: string,
    signal: AbortSignal
  ): Promise<ChosenSplit[]> {
    const readers = models.open
      .filter(({ tokenizer }) => tokenizer !== null)
      .toSorted((a, b) => Number(b.id === own) - Number(a.id === own))
    const read = await Promise.all(
      readers.map(async ({ id, path }) => {
        const by = id === own ? null : { path }
        try {
          const pieces = await useClient().call('text.tokenize', { modelId: id, text }, { signal })
          return { ...countedSplit(text, models.nameAt(path), pieces), by }
        } catch (error) {
          // Another vocabulary may lack a letter of this text.
          if (id === own || signal.aborted) throw error
          return null
        }
      })
    )
    return [...read.filter(split => split !== null), ...plainCounts(text)]
  }

  const typed = computed(() => typedIds(options.ids, subject().model?.config?.dVocab ?? Infinity))
  const decoded = useLatest(
    () =>
      options.form === 'decode' && model.value && typed.value.tokens.length > 0
        ? { modelId: model.value.id, ids: typed.value.tokens.map(({ id }) => id).join() }
        : null,
    ({ modelId, ids }, signal) =>
      useClient().call('text.decode', { modelId, ids: ids.split(',').map(Number) }, { signal })
  )
  return { text, taken, explanation, splits, against, comparison, typed, decoded }
}

/** UTF-16 offsets as they are shown: empty where a token stands for nothing in the text. */
export function offsetsText({ start, end }: Pick<Token, 'start' | 'end'>): string {
  return start === end ? '' : `${start}–${end}`
}
