import { computed, type ComputedRef } from 'vue'
import { usualWindow } from '#common/analysis/head-atlas/windows.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import type { ScoredOver } from '../../stores/analyses.ts'
import { useCorpora } from '../../stores/corpora.ts'

/** What a view is set to read. */
export interface OverOptions {
  /** Name of the corpus; null for the text. */
  readonly over: string | null
  /** Tokens of a window; null for those of the corpus, or the usual ones. */
  readonly window: number | null
}

/** What heads are looked at over, with windows of a length that the subject's model takes. */
export function useScoredOver(
  subject: () => ViewSubject | null,
  options: OverOptions
): ComputedRef<ScoredOver & { readonly window: number; readonly usual: number }> {
  const corpora = useCorpora()
  return computed(() => {
    const { nCtx } = subject()?.model?.config ?? {}
    const corpus = corpora.all.find(({ name }) => name === options.over) ?? null
    const most = (length: number) => Math.min(length, nCtx ?? length)
    const usual = most(corpus?.window ?? usualWindow(nCtx))
    // Windows of another length follow one another.
    const stride = options.window === null ? (corpus?.stride ?? null) : null
    return { corpus, stride, usual, window: most(options.window ?? usual) }
  })
}
