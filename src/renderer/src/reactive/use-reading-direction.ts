import { computed } from 'vue'
import type { ComputedRef } from 'vue'
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
