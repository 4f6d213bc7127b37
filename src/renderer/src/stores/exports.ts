import { defineStore } from 'pinia'
import { ref, shallowReactive, shallowRef } from 'vue'
import type { Dataset } from '#common/data/dataset.ts'
import type { Drawing } from '#common/figure/drawing.ts'
import type { PlottedPage } from '#common/figure/notebook/plotted-page.ts'
import { plainWish, type FigureWish } from '#common/figure/presets.ts'
import type { PanelsProvenance, Provenance } from '#common/figure/provenance.ts'
import type { FigureEnding } from '#common/model/figure-file.ts'

/** What a view can be saved as: a figure or a dataset in files of many kinds, or one file. */
export type ExportFormat = (SavedFigure | SavedData | SavedFile) & {
  /** Of a tab with two sides. */
  readonly side?: SavedSide
}

/** Which of two sides something saved is of. */
export interface SavedSide {
  /** What tells it from the other, or that it is both. */
  readonly name: string
  /** What of it is saved; the format's note tells both. */
  readonly part: string
}

export interface SavedFigure extends Drawing {
  readonly is: 'figure'
  /** Name of its files, without an ending. */
  readonly title: string
  /** What of the view it is, where there is more than one answer. */
  readonly note: string
  /** Where it comes from, for files to say. */
  readonly from: Provenance | PanelsProvenance
  /** The numbers that it draws; left out of a page whose panels keep none. */
  readonly dataset?: () => Dataset
  /** How it is drawn where nothing is asked for; left out where that is as any figure is. */
  readonly plain?: FigureWish
  /** What a notebook draws of a page of panels; left out where `kept` says it. */
  readonly page?: () => PlottedPage
}

export interface SavedData {
  readonly is: 'data'
  readonly title: string
  readonly note: string
  readonly from: Provenance | PanelsProvenance
  /** Of its variables those that a table does not hold, where that is known beforehand. */
  readonly left: readonly string[]
  /** Numbers that no file of it holds; left out where all do. */
  readonly without?: readonly string[]
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

/** What was done with a file, such as `is saved`, and letters of it that no font has. */
export interface SavedNote {
  readonly name: string
  readonly done: string
  readonly without: readonly string[]
  /** Id of the figure of the session that it went into. */
  readonly figure?: string
}

/** How a figure is wanted in a file of some kind. */
export interface FileWish extends FigureWish {
  readonly ending: FigureEnding
  /** Dots an inch, of pixels. */
  readonly dpi: number
}

const plainFile: FileWish = { ...plainWish, ending: 'pdf', dpi: 300 }

/** What the open tabs can be saved as, by tab. */
export const useExports = defineStore('exports', () => {
  const formats = shallowReactive(new Map<string, readonly ExportFormat[]>())
  /** The tab whose menu of formats is open. */
  const choosing = ref<string | null>(null)
  /** The tab whose figures the dialog is about. */
  const drawing = ref<string | null>(null)
  /** Which of them it begins with, by its place among them. */
  const chosen = ref(0)
  /** What figures are wanted like, as it was said last. */
  const wish = shallowRef<FileWish>(plainFile)
  /** What was saved last, for as long as that is said. */
  const saved = shallowRef<(SavedNote & { readonly id: number }) | null>(null)
  let told = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  /** Says that something was saved, or copied. */
  function tell(note: SavedNote): void {
    saved.value = { ...note, id: told++ }
    clearTimeout(timer)
    timer = setTimeout(() => (saved.value = null), 6_000)
  }

  return { formats, choosing, drawing, chosen, wish, saved, tell }
})
