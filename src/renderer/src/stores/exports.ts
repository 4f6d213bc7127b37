import { defineStore } from 'pinia'
import { ref, shallowReactive } from 'vue'

/** One kind of file that a view can be saved as. */
export interface ExportFormat {
  /** What it is, such as `SVG`. */
  readonly text: string
  /** What it is good for. */
  readonly note: string
  /** Name of the file, whole. */
  readonly name: string
  readonly content: () => Promise<Blob>
}

/** What the open tabs can be saved as, by tab. */
export const useExports = defineStore('exports', () => {
  const formats = shallowReactive(new Map<string, readonly ExportFormat[]>())
  /** The tab whose menu of formats is open. */
  const choosing = ref<string | null>(null)

  return { formats, choosing }
})
