import type { Client } from '#common/contract/rpc.ts'
import type { DatasetEnding } from '#common/data/dataset-endings.ts'
import { plainWish } from '#common/figure/presets.ts'
import type { FigureEnding } from '#common/model/figure-file.ts'
import { figureFileName } from '#common/text/file-name.ts'
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

/** The files of one figure or of one set of numbers. */
export interface FileGroup {
  /** What stands above them; empty of files that each say it for themselves. */
  readonly title: string
  /** Which of the view's they are; empty where it has no other. */
  readonly note: string
  /** Null of what is none. */
  readonly figure: SavedFigure | null
  readonly files: readonly MenuFile[]
}

/** Dots an inch of pictures that are saved at once. */
export const usualDpi = 300

/** What figures are saved as at once. */
const uses = {
  svg: 'vector, for the web and for drawing',
  pdf: 'vector, for papers',
  png: 'pixels, for slides'
} as const satisfies Partial<Readonly<Record<FigureEnding, string>>>

/** The files of one side of a view, or of both. */
export interface SideFiles {
  /** Null of a view that has one. */
  readonly side: string | null
  readonly groups: readonly FileGroup[]
}

/** The files of a view, by its sides. */
export function menuFiles(formats: readonly ExportFormat[]): SideFiles[] {
  const sides = Map.groupBy(formats, ({ side }) => side?.name ?? null)
  return [...sides].map(([side, own]) => ({ side, groups: fileGroups(own) }))
}

/** A group for each figure and each set of numbers. */
function fileGroups(formats: readonly ExportFormat[]): FileGroup[] {
  const single = formats.filter(format => format.is === 'file')
  const figures = formats.filter(format => format.is === 'figure')
  const data = formats.filter(format => format.is === 'data')
  const groups: FileGroup[] = [
    ...figures.map(figure => ({
      title: titled('Figure', figure),
      note: figure.note,
      figure,
      files: [
        ...figureFiles(figure),
        ...(data.length === 0 ? [] : [notebookFile(figure.title, figure, data)])
      ]
    })),
    ...data.map(own => ({
      title: titled('Numbers', own),
      note: own.note,
      figure: null,
      // Of numbers that no figure draws.
      files: [
        ...dataFiles(own),
        ...(figures.length > 0 ? [] : [notebookFile(own.title, null, [own])])
      ]
    })),
    {
      ...{ title: '', note: '', figure: null },
      files: single.map(file => ({
        ...file,
        content: async () => ({ blob: await file.content(), without: [] })
      }))
    }
  ]
  return groups.filter(({ files }) => files.length > 0)
}

function titled(what: string, { note, side }: ExportFormat): string {
  const part = side?.part ?? note
  return part === '' ? what : `${what}: ${part}`
}

function figureFiles({ title, from, draw, plain = plainWish }: SavedFigure): MenuFile[] {
  const endings = Object.keys(uses) as (keyof typeof uses)[]
  return endings.map(ending => ({
    text: ending.toUpperCase(),
    note: uses[ending],
    name: figureFileName(title, ending),
    content: (client, signal) =>
      figureBlob(client, draw(plain), ending, { title, dpi: usualDpi, from }, signal)
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
    name: figureFileName(saved.title, ending),
    content: async (_, signal) => ({
      blob: await dataContent(saved, ending, signal),
      without: []
    })
  }))
}

function notebookFile(
  title: string,
  figure: SavedFigure | null,
  data: readonly SavedData[]
): MenuFile {
  return {
    text: 'Notebook',
    note: figure === null ? 'for Jupyter' : 'drawn by matplotlib of its numbers',
    name: figureFileName(title, 'ipynb'),
    content: async (_, signal) => ({
      blob: await notebookContent(figure, data, signal),
      without: []
    })
  }
}
