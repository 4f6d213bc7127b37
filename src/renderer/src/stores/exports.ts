import { defineStore } from 'pinia'
import { ref, shallowReactive } from 'vue'
import type { Dataset } from '#common/data/dataset.ts'
import type { DrawnFigure } from '#common/figure/drawn-figure.ts'
import type { FigureWish } from '#common/figure/presets.ts'
import type { Provenance } from '#common/figure/provenance.ts'

/** What a view can be saved as: a figure or a dataset in files of many kinds, or one file. */
export type ExportFormat = SavedFigure | SavedData | SavedFile

export interface SavedFigure {
  readonly is: 'figure'
  /** Name of its files, without an ending. */
  readonly title: string
  /** What of the view it is, where there is more than one answer. */
  readonly note: string
  /** Where it comes from, for files to say. */
  readonly from?: Provenance
  readonly draw: (wish: FigureWish) => DrawnFigure
}

export interface SavedData {
  readonly is: 'data'
  readonly title: string
  readonly note: string
  readonly from?: Provenance
  /** Of its variables those that a table does not hold, where that is known beforehand. */
  readonly left: readonly string[]
  readonly dataset: () => Dataset
}

/** One kind of file. */
export interface SavedFile {
  readonly is: 'file'
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
