import type { Client } from '#common/contract/rpc.ts'
import type { DatasetEnding } from '#common/data/dataset-endings.ts'
import { plainWish } from '#common/figure/presets.ts'
import type { FigureEnding } from '#common/model/figure-file.ts'
import { figureFileName, fileName } from '#common/text/file-name.ts'
import type { ExportFormat, SavedData, SavedFigure } from '../../stores/exports.ts'
import { dataContent, dataNote, notebookContent } from './saved-data.ts'
import { figureBlob, type SavedContent } from './saved-figure.ts'

/** A file that a menu offers. */
export interface MenuFile {
  /** What it is, such as `SVG`. */
  readonly text: string
  /** What it is good for. */
  readonly note: string
  /** Name of the file, whole. */
  readonly name: string
  readonly content: (client: Client, signal: AbortSignal) => Promise<SavedContent>
}

/** Dots an inch of pictures that are saved at once. */
export const usualDpi = 300

/** What figures are saved as at once. */
const uses = {
  svg: 'vector, for the web and for drawing',
  pdf: 'vector, for papers',
  png: 'pixels, for slides'
} as const satisfies Partial<Readonly<Record<FigureEnding, string>>>

/** The files of a view, a group for each figure and each set of numbers. */
export function menuFiles(formats: readonly ExportFormat[]): MenuFile[][] {
  const single = formats.filter(format => format.is === 'file')
  const figures = formats.filter(format => format.is === 'figure')
  const data = formats.filter(format => format.is === 'data')
  const groups = [
    ...figures.map(figure => [
      ...figureFiles(figure),
      ...(data.length === 0 ? [] : [notebookFile(figure, figure, data)])
    ]),
    // Numbers that no figure draws.
    ...data.map(own => [
      ...dataFiles(own),
      ...(figures.length > 0 ? [] : [notebookFile(own, null, [own])])
    ]),
    single.map(file => ({
      ...file,
      content: async () => ({ blob: await file.content(), without: [] })
    }))
  ]
  return groups.filter(files => files.length > 0)
}

function figureFiles({ title, note, from, draw }: SavedFigure): MenuFile[] {
  const endings = Object.keys(uses) as (keyof typeof uses)[]
  return endings.map(ending => ({
    text: ending.toUpperCase(),
    note: [note, uses[ending]].filter(part => part !== '').join(', '),
    name: figureFileName(title, ending),
    content: (client, signal) =>
      figureBlob(client, draw(plainWish), ending, { title, dpi: usualDpi, from }, signal)
  }))
}

const dataNames = {
  csv: 'CSV',
  json: 'JSON',
  npz: 'NPZ',
  safetensors: 'safetensors'
} satisfies Record<DatasetEnding, string>

function dataFiles(saved: SavedData): MenuFile[] {
  return (Object.keys(dataNames) as DatasetEnding[]).map(ending => ({
    text: dataNames[ending],
    note: dataNote(saved, ending),
    name: fileName(saved.title, ending),
    content: async () => ({ blob: await dataContent(saved, ending), without: [] })
  }))
}

function notebookFile(
  { title, note }: Pick<SavedData, 'title' | 'note'>,
  figure: SavedFigure | null,
  data: readonly SavedData[]
): MenuFile {
  const use = figure === null ? 'numbers, for Jupyter' : 'drawn by matplotlib of its numbers'
  return {
    text: 'Notebook',
    note: [note, use].filter(part => part !== '').join(', '),
    name: fileName(title, 'ipynb'),
    content: async (_, signal) => ({
      blob: await notebookContent(figure, data, signal),
      without: []
    })
  }
}
