import { computed, shallowRef, watch, type ComputedRef } from 'vue'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { toLamellaError, type LamellaError } from '#common/model/errors.ts'
import type { Token } from '#common/model/token.ts'
import { askAfterBreak } from './after-break.ts'
import { useClient } from './client.ts'

const typingPause = 120

/** Tokens of a text as it is typed, and why it has none. */
export interface LiveTokens {
  /** Those of the text before stay until the new ones come, of the same model. */
  readonly tokens: ComputedRef<readonly Token[]>
  /** Why the text as it is now has no tokens. */
  readonly error: ComputedRef<LamellaError | null>
  /** Whether the tokens are those of the text as it is now. */
  readonly known: ComputedRef<boolean>
}

/** Tokenizes a text a moment after it was typed, and at once when the model is another one. */
export function useLiveTokens(model: () => ModelInfo | null, text: () => string): LiveTokens {
  const latest = shallowRef<{
    readonly modelId: string
    readonly text: string
    readonly tokens: readonly Token[]
    readonly error: LamellaError | null
  } | null>(null)
  let request = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  watch(
    [text, () => model()?.id],
    ([, id], [, before]) => {
      clearTimeout(timer)
      timer = setTimeout(() => void tokenize(), id === before ? typingPause : 0)
    },
    { immediate: true }
  )

  askAfterBreak(() => latest.value?.error, tokenize)

  async function tokenize(): Promise<void> {
    const mine = ++request
    const of = model()
    const own = text()
    if (!of) return
    const put = (tokens: readonly Token[], error: LamellaError | null) => {
      if (mine === request) latest.value = { modelId: of.id, text: own, tokens, error }
    }
    if (of.tokenizer === null || own === '') {
      put([], null)
      return
    }
    try {
      put(await useClient().call('text.tokenize', { modelId: of.id, text: own }), null)
    } catch (thrown) {
      put([], toLamellaError(thrown))
    }
  }

  const ofModel = computed(() => (latest.value?.modelId === model()?.id ? latest.value : null))
  const known = computed(() => ofModel.value?.text === text())
  return {
    tokens: computed(() => (text() === '' ? [] : (ofModel.value?.tokens ?? []))),
    error: computed(() => (known.value ? (ofModel.value?.error ?? null) : null)),
    known
  }
}
