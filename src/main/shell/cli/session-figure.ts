import type { Client } from '#common/contract/rpc.ts'
import type { OpenSession } from '#common/contract/session.ts'
import { torchModel, type KnownModels } from '#common/figure/notebook/torch/torch-model.ts'
import { drawnPanels, pageWish } from '#common/figure/panels/drawn-panels.ts'
import { openedFigure } from '#common/figure/panels/opened-figure.ts'
import { panelsPage } from '#common/figure/panels/panels-page.ts'
import { sessionFigures, type SessionFigure } from '#common/figure/panels/session-figure.ts'
import { datasetEndings } from '#common/data/dataset-endings.ts'
import { withOrigin } from '#common/figure/with-origin.ts'
import { LamellaError } from '#common/model/errors.ts'
import { figureEndings } from '#common/model/figure-file.ts'
import { datasetEnding } from '../../export/dataset.ts'
import { endingOf } from '../../export/save-arrays.ts'
import {
  wishOf,
  writeFigure,
  writeNotebook,
  type Drawer,
  type DrawingOptions
} from './figure-file.ts'
import { userPath } from './input.ts'
import { outputFile } from './output-file.ts'
import { tellResult, type Told } from './tell-result.ts'

/** Draws a figure that a session keeps, or takes its numbers, and writes it to a file: no model is needed for it. */
export async function sessionFigure(
  client: Client,
  file: string,
  wanted: string,
  options: DrawingOptions,
  told: Told & Drawer
): Promise<void> {
  const path = userPath(file)
  const target = await outputFile(options.out, [], [path])
  const ending = endingOf(target.path, [...figureEndings, 'ipynb', ...datasetEndings] as const)
  const session = await client.call('sessions.open', { path, look: true })
  const { content } = session
  const figure = figureNamed(sessionFigures(content.figures), wanted, file)
  const { panels, from, numbers, without, faults } = await openedFigure(figure, {
    session: file,
    version: told.version
  })
  const [fault] = faults
  if (fault !== undefined) throw fault
  const said = { title: figure.name, from }
  const wish = wishOf(options, pageWish(figure))
  const asFigure = figureEndings.find(known => known === ending)
  if (asFigure !== undefined) {
    const drawn = drawnPanels(figure, panels, wish)
    return writeFigure(client, drawn, said, { ...target, ending: asFigure }, options, told)
  }
  if (numbers === null)
    throw new LamellaError('invalid-argument', `${file}: “${wanted}” keeps no numbers`)
  if (without.length > 0)
    told.printError(
      `Without ${without.join(', ')}: a panel keeps what it is drawn of and a little beside that; its view, or its own command, gives all\n`
    )
  if (ending === 'ipynb') {
    const page = panelsPage(figure, panels, wish)
    return writeNotebook(
      page,
      numbers,
      { ...said, models: await knownOf(client, session) },
      target,
      told
    )
  }
  const own = withOrigin(numbers, from, datasetEnding(target.path))
  await tellResult(own, { out: target, inputs: [] }, told)
}

/** What a session knows of its models, by all fingerprints that its panels may know them by. */
async function knownOf(client: Client, { id, models }: OpenSession): Promise<KnownModels> {
  const known = models.map(async ({ ref, formerly }) => {
    const model = torchModel(await client.call('sessions.model', { id, ref }))
    return [ref.fingerprint, ...formerly].map(own => [own, model] as const)
  })
  return new Map((await Promise.all(known)).flat())
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
