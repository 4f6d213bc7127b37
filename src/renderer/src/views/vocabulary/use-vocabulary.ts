import { computed, shallowRef, watch } from 'vue'
import { toLamellaError, type LamellaError } from '#common/model/errors.ts'
import type { Token } from '#common/model/token.ts'
import { useLatest } from '../../reactive/use-latest.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import { askAfterBreak } from '../../stores/after-break.ts'
import { useClient } from '../../stores/client.ts'
import type { VocabularyOptions } from './vocabulary-options.ts'

/** Tokens are fetched so many at once, around those in sight. */
const page = 256

/** What was found in the vocabulary of a subject's model, and the tokens of it that are in sight. */
export function useVocabulary(subject: () => ViewSubject, options: VocabularyOptions) {
  const model = computed(() => {
    const own = subject().model
    return own?.tokenizer ? own : null
  })
  const listing = useLatest(
    () =>
      model.value && {
        ...{ modelId: model.value.id, search: options.search, pattern: options.pattern },
        ...{ kind: options.kind, script: options.script, least: options.least },
        ...{ most: options.most, order: options.order, descending: options.descending }
      },
    async ({ modelId, ...query }, signal) => {
      const of = { model: model.value! }
      return {
        ...of,
        ...(await useClient().call('text.vocabulary', { modelId, query }, { signal }))
      }
    }
  )
  /** The model whose vocabulary it is; the one before as long as what was found there is listed. */
  const searched = computed(() => listing.value.value?.model.id)
  /** Whether ids that are listed are of the model that is looked at: in another one they are other tokens. */
  const isOwn = computed(() => searched.value !== undefined && searched.value === model.value?.id)

  /** By id, of that model. */
  const known = shallowRef<ReadonlyMap<number, Token>>(new Map())
  const error = shallowRef<LamellaError | null>(null)
  watch(searched, () => {
    known.value = new Map()
    error.value = null
  })
  const sight = shallowRef<readonly [first: number, end: number]>([0, 0])
  /** Whole pages, so that what is scrolled through is asked for once. */
  const wanted = computed(() => {
    const ids = listing.value.value?.ids
    if (ids === undefined) return []
    const [first, end] = sight.value
    const from = Math.floor(first / page) * page
    return [...ids.subarray(from, Math.ceil(end / page) * page)]
  })
  watch(wanted, fetchTokens)
  askAfterBreak(
    () => error.value,
    () => fetchTokens(wanted.value)
  )
  async function fetchTokens(ids: readonly number[]): Promise<void> {
    const missing = ids.filter(id => !known.value.has(id))
    const modelId = searched.value
    if (missing.length === 0 || modelId === undefined) return
    try {
      const { tokens } = await useClient().call('text.decode', { modelId, ids: missing })
      if (modelId !== searched.value) return
      known.value = new Map([...known.value, ...tokens.map(own => [own.id, own] as const)])
      error.value = null
    } catch (thrown) {
      if (modelId === searched.value) error.value = toLamellaError(thrown)
    }
  }
  return { model, listing, isOwn, known, sight, error }
}
