import { computed, type ComputedRef } from 'vue'
import type { RunInput } from '#common/model/run-input.ts'
import { idToken, type Token } from '#common/model/token.ts'
import { exactCount } from '#common/text/number-text.ts'
import { useLiveTokens } from '../../stores/live-tokens.ts'
import { useModels } from '../../stores/models.ts'

/** What the focused tab's model reads of an input that is being typed. */
export function useInputTokens(input: () => RunInput): {
  /** Null where no model can tell, and until it has told. */
  readonly tokens: ComputedRef<readonly Token[] | null>
  /** How many there are, or why there are none, in one line. */
  readonly note: ComputedRef<string>
} {
  const models = useModels()
  const live = useLiveTokens(
    () => models.active,
    () => textOf(input())
  )
  const tokens = computed(() => {
    const own = input()
    if ('ids' in own) return own.ids.map(id => idToken(id))
    return models.active?.tokenizer && live.known.value ? live.tokens.value : null
  })
  const note = computed(() => {
    if (live.error.value) return live.error.value.message
    if (tokens.value === null || tokens.value.length === 0) return ''
    const { length } = tokens.value
    const by = 'ids' in input() ? '' : ` with ${models.nameAt(models.active!.path)}`
    return `${exactCount(length)} ${length === 1 ? 'token' : 'tokens'}${by}`
  })
  return { tokens, note }
}

function textOf(input: RunInput): string {
  return 'text' in input ? input.text : ''
}
