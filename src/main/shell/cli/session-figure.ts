import type { Client } from '#common/contract/rpc.ts'
import { drawingOf } from '#common/figure/drawing-of.ts'
import { drawnPanels, type OpenedPanel } from '#common/figure/panels/drawn-panels.ts'
import { withOneScale } from '#common/figure/panels/one-scale.ts'
import { panelContent } from '#common/figure/panels/panel-content.ts'
import { panelLetter } from '#common/figure/panels/panel-letter.ts'
import { sessionFigures, type SessionFigure } from '#common/figure/panels/session-figure.ts'
import { LamellaError } from '#common/model/errors.ts'
import type { Told } from './analyse.ts'
import { figureTarget, wishOf, writeFigure, type DrawingOptions } from './figure-file.ts'
import { userPath } from './input.ts'

/** Draws a figure that a session keeps, and writes it to a file: no model is needed for it. */
export async function sessionFigure(
  client: Client,
  file: string,
  wanted: string,
  options: DrawingOptions,
  told: Told
): Promise<void> {
  const path = userPath(file)
  const target = await figureTarget(options.out, [], [path])
  const { content } = await client.call('sessions.open', { path, look: true })
  const figure = figureNamed(sessionFigures(content.figures), wanted, file)
  const { name, panels, lettering, oneScale } = figure
  const contents = await Promise.all(panels.map(({ content }) => panelContent(content)))
  const kept = contents.map(({ drawing }) => drawing)
  const scaled = oneScale ? withOneScale(kept) : kept.map(drawing => ({ drawing, scale: null }))
  const opened = scaled.map(({ drawing, scale }, i): OpenedPanel => ({
    ...panels[i]!,
    ...{ drawing: drawingOf(drawing), scale }
  }))
  const drawn = drawnPanels(figure, opened, wishOf(options))
  const from = {
    version: told.version,
    panels: panels.map(({ title, caption }, i) => ({
      ...{ letter: panelLetter(i, lettering), title, caption },
      from: contents[i]!.from
    })),
    again: { session: file, figure: name }
  }
  await writeFigure(client, drawn, { title: name, from }, target, options, told)
}

function figureNamed(
  figures: readonly SessionFigure[],
  wanted: string,
  file: string
): SessionFigure {
  const figure = figures.find(({ name }) => name === wanted)
  const names = figures.map(({ name }) => `“${name}”`).join(', ')
  if (figure === undefined)
    throw new LamellaError(
      'invalid-argument',
      `${file}: no figure is called “${wanted}” there; ${names === '' ? 'it has none' : `there are ${names}`}`
    )
  if (figure.panels.length === 0)
    throw new LamellaError('invalid-argument', `${file}: “${wanted}” has no panel yet`)
  return figure
}
