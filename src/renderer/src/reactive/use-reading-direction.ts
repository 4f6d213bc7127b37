import { computed } from 'vue'
import type { ComputedRef } from 'vue'
import type { Run } from '#common/contract/schemas.ts'
import { inputText } from '#common/text/input-text.ts'
import { readsRightToLeft } from '#common/text/token-text.ts'
import { useSettings } from '../stores/settings.ts'

/** Whether a text's tokens run from right to left, by its letters or as the user chose. */
export function useReadingDirection(text: () => string): ComputedRef<boolean> {
  const settings = useSettings()
  return computed(() =>
    settings.direction === 'automatic'
      ? readsRightToLeft(text())
      : settings.direction === 'right-to-left'
  )
}

/** The same of the text of a run; token ids run from left to right unless the user chose otherwise. */
export function useRunDirection(
  run: () => Pick<Run, 'source'> | null | undefined
): ComputedRef<boolean> {
  return useReadingDirection(() => {
    const input = run()?.source.input
    return input && 'text' in input ? inputText(input) : ''
  })
}
