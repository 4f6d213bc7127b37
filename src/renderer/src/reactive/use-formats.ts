import { onBeforeUnmount, watch } from 'vue'
import type { ExportFormat } from '../stores/exports.ts'

/**
 * Tells what a view can be saved as, whenever that changes; of a view that is gone nothing.
 * @param tell such as the view's `formats` event
 */
export function useFormats(
  formats: () => readonly ExportFormat[],
  tell: (formats: readonly ExportFormat[]) => void
): void {
  watch(formats, tell, { immediate: true })
  onBeforeUnmount(() => tell([]))
}
