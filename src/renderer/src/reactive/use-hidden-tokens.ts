import { computed } from 'vue'
import type { Run } from '#common/contract/schemas.ts'
import { maskTokenOf } from '#common/model/mask-token.ts'
import { useClient } from '../stores/client.ts'
import { useRuns } from '../stores/runs.ts'
import { useLatest } from './use-latest.ts'
import type { ViewSubject } from './use-subject.ts'

/** Which tokens are hidden from a model of masked tokens, as it is kept with a tab. */
export interface HiddenChoice {
  /** The run whose tokens they are, by its id: of another run none is hidden. */
  of: string
  /** Their positions. */
  masked: number[]
}

/** Tokens of a subject's text that are hidden, and the run without them. */
export function useHiddenTokens(subject: () => ViewSubject, choice: HiddenChoice) {
  const runs = useRuns()
  /** The mask of the vocabulary; null where there is none, or nobody tells. */
  const mask = useLatest(
    () => {
      const { model } = subject()
      return model?.predicts === 'masked' && model.tokenizer ? model.id : null
    },
    (modelId, signal) =>
      maskTokenOf(text => useClient().call('text.tokenize', { modelId, text }, { signal }))
  )
  /** Positions of the run there is now that are hidden. */
  const hidden = computed(() => {
    const { run } = subject()
    if (!run || !mask.current.value || choice.of !== run.id) return []
    return choice.masked.filter(position => position < run.tokens.length)
  })

  /** Hides a token of the text, or shows it again. */
  function hide(position: number, before: readonly number[] = hidden.value): void {
    const { run } = subject()
    if (!run) return
    const isHidden = before.includes(position)
    const next = isHidden ? before.filter(at => at !== position) : [...before, position]
    choice.masked = next.sort((a, b) => a - b)
    choice.of = run.id
  }

  /** A run as it is with some of its tokens hidden; itself where none is. */
  function without(run: Run, positions: readonly number[], signal: AbortSignal): Promise<Run> {
    if (positions.length === 0) return Promise.resolve(run)
    const { id: of } = mask.current.value!
    const ids = run.tokens.map(({ id }, position) => (positions.includes(position) ? of : id))
    return runs.ensure({ ...run.source, input: { ids } }, signal)
  }
  return { mask, hidden, hide, without }
}

/** Hidden positions with the tokens that they hide, as analyses are asked; null for none. */
export function maskedParam({ tokens }: Run, positions: readonly number[]): string | null {
  if (positions.length === 0) return null
  return positions.map(at => `${at}:${tokens[at]!.id}`).join()
}
