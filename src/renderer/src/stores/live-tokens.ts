import { shallowRef, watch, type ShallowRef } from 'vue'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { toLamellaError, type LamellaError } from '#common/model/errors.ts'
import type { Token } from '#common/model/token.ts'
import { useClient } from './client.ts'

const typingPause = 120

/** Tokens of a text as it is typed, and why it has none. */
export interface LiveTokens {
  readonly tokens: ShallowRef<readonly Token[]>
  readonly error: ShallowRef<LamellaError | null>
}

/** Tokenizes a text a moment after it was typed, and at once when the model is another one. */
export function useLiveTokens(model: () => ModelInfo | null, text: () => string): LiveTokens {
  const tokens = shallowRef<readonly Token[]>([])
  const error = shallowRef<LamellaError | null>(null)
  let latest = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  watch([text, () => model()?.id], ([, id], [, before]) => {
    clearTimeout(timer)
    timer = setTimeout(() => void tokenize(), id === before ? typingPause : 0)
  })

  async function tokenize(): Promise<void> {
    const mine = ++latest
    const of = model()
    const own = text()
    const put = (found: readonly Token[], failure: LamellaError | null) => {
      if (mine !== latest) return
      tokens.value = found
      error.value = failure
    }
    if (!of || of.tokenizer === null || own === '') {
      put([], null)
      return
    }
    try {
      put(await useClient().call('text.tokenize', { modelId: of.id, text: own }), null)
    } catch (thrown) {
      put([], toLamellaError(thrown))
    }
  }

  return { tokens, error }
}
