import { gzipSync } from 'node:zlib'
import type { Client } from '#common/contract/rpc.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import type { Dataset } from '#common/data/dataset.ts'
import { datasetEndings } from '#common/data/dataset-endings.ts'
import type { KeptDrawing } from '#common/figure/drawing.ts'
import { lettersText, type DrawnFigure } from '#common/figure/drawn-figure.ts'
import { figureContent, type FigureHost } from '#common/figure/figure-content.ts'
import { figureNotebook } from '#common/figure/notebook/notebook.ts'
import type { PlottedPage } from '#common/figure/notebook/plotted-page.ts'
import { knownModels, type KnownModels } from '#common/figure/notebook/torch/torch-model.ts'
import { plainWish, presetWish, type FigureWish, type PresetName } from '#common/figure/presets.ts'
import type { PanelsProvenance, Provenance } from '#common/figure/provenance.ts'
import { withOrigin } from '#common/figure/with-origin.ts'
import type { MadeFigure } from '#common/figure/views/figure-view.ts'
import { figureEndings, type FigureEnding } from '#common/model/figure-file.ts'
import { endingOf } from '../../export/save-arrays.ts'
import { writeWholeFile } from '../../export/whole-file.ts'
import type { FigureThreads } from '../../figure/figure-thread.ts'
import { svgFonts } from '../../figure/svg-fonts.ts'
import { tellResult, type Told } from './tell-result.ts'
import type { OutputFile } from './output-file.ts'

/** How a figure is drawn, and where it goes. */
export interface DrawingOptions {
  readonly out: string
  readonly preset: PresetName
  readonly width?: number
  readonly points?: number
  readonly font?: FigureWish['font']
  readonly title?: boolean
  readonly letter?: string
  readonly background?: FigureWish['background']
  readonly dpi: number
}

/** The file that a figure is to be written to. */
export interface FigureTarget extends OutputFile {
  readonly ending: FigureEnding
}

/** What files of figures end in. @throws LamellaError where a path ends in none of them */
export function fileEnding(path: string) {
  return endingOf(path, [...figureEndings, 'ipynb', ...datasetEndings] as const)
}

/**
 * Writes what was made as its file's ending says: drawn, as a notebook that draws it, or as its numbers.
 * @param models those that it is of
 */
export async function writeMade(
  client: Client,
  made: Omit<MadeFigure, 'from'> & { readonly from: Provenance },
  target: OutputFile,
  models: readonly ModelInfo[],
  options: DrawingOptions,
  told: Told & Drawer
): Promise<void> {
  const { from, title } = made
  const { path, keep } = target
  const ending = fileEnding(path)
  if (isOneOf(figureEndings, ending)) {
    const drawn = made.draw(wishOf(options))
    return writeFigure(client, drawn, { title, from }, { path, keep, ending }, options, told)
  }
  const numbers = made.dataset()
  if (ending === 'ipynb') {
    const said = { title, from, models: knownModels(from, models) }
    return writeNotebook(made.kept(), numbers, said, target, told)
  }
  // Where they come from says what was read.
  await tellResult(withOrigin(numbers, from, ending), { out: target, inputs: [] }, told)
}

function isOneOf<E extends string>(endings: readonly E[], ending: string): ending is E {
  return (endings as readonly string[]).includes(ending)
}

/** Writes a drawn figure, and tells its size and what of it is not as it was asked. */
export async function writeFigure(
  client: Client,
  drawn: DrawnFigure,
  { title, from }: { readonly title: string; readonly from: Provenance | PanelsProvenance },
  { path, keep, ending }: FigureTarget,
  { dpi }: Pick<DrawingOptions, 'dpi'>,
  { print, printError, ...drawer }: Pick<Told, 'print' | 'printError'> & Drawer
): Promise<void> {
  for (const fault of drawn.faults) printError(`warning: ${fault}\n`)
  const { bytes, without } = await withFigureHost(drawer, host =>
    figureContent(client, drawn, ending, { title, dpi, from }, host)
  )
  if (without.length > 0)
    printError(`warning: boxes stand for letters that no font has: ${without.join(' ')}\n`)
  await writeWholeFile(path, file => file.append(bytes), keep)
  const size = `${drawn.widthMm.toFixed(2)} × ${drawn.heightMm.toFixed(2)} mm`
  print(`${path}: ${title}, ${size}, ${lettersText(drawn)}\n`)
}

/** Writes a notebook that draws a figure again from its numbers. */
export async function writeNotebook(
  figure: KeptDrawing | PlottedPage | null,
  numbers: Dataset,
  said: {
    readonly title: string
    readonly from: Provenance | PanelsProvenance
    readonly models?: KnownModels
  },
  { path, keep }: OutputFile,
  { print }: Pick<Told, 'print'>
): Promise<void> {
  const notebook = figureNotebook(figure, [withOrigin(numbers, said.from, 'npz')], said)
  const bytes = new TextEncoder().encode(notebook)
  await writeWholeFile(path, file => file.append(bytes), keep)
  print(`${path}: ${said.title}\n`)
}

/** What the options ask for. @param plain how it is drawn where they ask for nothing */
export function wishOf(
  { preset, width, points, font, title, letter, background }: DrawingOptions,
  plain: FigureWish = plainWish
): FigureWish {
  const wish = presetWish(preset, { ...plain, letter: letter ?? '' })
  return {
    ...wish,
    ...(background !== undefined && { background }),
    ...(width !== undefined && { widthMm: width }),
    ...(points !== undefined && { points }),
    ...(font !== undefined && { font }),
    ...(title !== undefined && { title })
  }
}

/** What draws figures, and who no longer wants them drawn. */
export interface Drawer {
  readonly figures: FigureThreads
  readonly signal: AbortSignal
}

/** Has figures drawn in a thread, with the fonts that are here. @throws LamellaError `cancelled` once it is not wanted any more */
export function withFigureHost<T>(
  { figures, signal }: Drawer,
  use: (host: FigureHost) => Promise<T>
): Promise<T> {
  return figures.use(signal, thread =>
    use({
      ...thread,
      fonts: svgFonts,
      gzip: svg => Promise.resolve(new Uint8Array(gzipSync(svg)))
    })
  )
}
