import { InvalidArgumentError } from 'commander'
import { z } from 'zod'
import { paramsSchema } from '#common/analysis/params-schema.ts'
import type { CorpusInput } from '#common/analysis/subject.ts'
import type { Client } from '#common/contract/rpc.ts'
import { torchModel } from '#common/figure/notebook/torch/torch-model.ts'
import { figureViewNamed } from '#common/figure/views/registry.ts'
import { datasetEndings } from '#common/data/dataset-endings.ts'
import { withOrigin } from '#common/figure/with-origin.ts'
import type { Edit } from '#common/model/edit.ts'
import { LamellaError } from '#common/model/errors.ts'
import { figureEndings } from '#common/model/figure-file.ts'
import { firstFault } from '#common/model/first-fault.ts'
import type { ProviderChoice } from '#common/model/provider.ts'
import { endingOf } from '../../export/save-arrays.ts'
import { tellResult, type Told } from './tell-result.ts'
import { modelToRun } from './commands.ts'
import {
  wishOf,
  writeFigure,
  writeNotebook,
  type Drawer,
  type DrawingOptions
} from './figure-file.ts'
import { madeFigure } from './made-figure.ts'
import { settingValues, type SettingTexts } from './settings.ts'
import { outputFile } from './output-file.ts'

export interface FigureOptions extends DrawingOptions {
  readonly view?: string
  readonly set?: SettingTexts
  readonly window?: number
  readonly stride?: number
  readonly edit?: readonly Edit[]
  /** The folder of another model. */
  readonly with?: string
  readonly provider: ProviderChoice
}

/** A model folder and what it reads. */
interface FigureOf {
  readonly folder: string
  readonly inputs: readonly CorpusInput[]
  /** What the model that it is compared with reads; nothing for the same. */
  readonly others: readonly CorpusInput[]
}

/** Draws a figure by its name and writes it to a file. */
export async function figure(
  client: Client,
  { folder, inputs, others }: FigureOf,
  options: FigureOptions,
  told: Told & Drawer
): Promise<void> {
  const { printError } = told
  // Before anything is computed for it.
  if (options.view === undefined)
    throw new LamellaError(
      'invalid-argument',
      'Say which figure: --view of a model, or --figure of a session'
    )
  const view = figureViewNamed(options.view)
  const read = [...inputs, ...others].flatMap(input => ('path' in input ? [input.path] : []))
  const folders = [folder, ...(options.with === undefined ? [] : [options.with])]
  const target = await outputFile(options.out, folders, read)
  const ending = endingOf(target.path, [...figureEndings, 'ipynb', ...datasetEndings] as const)
  const ofTexts = view.of === 'text' || view.of === 'two texts' || view.of === 'tokenizers'
  if (ofTexts && inputs.length !== 1)
    throw new LamellaError(
      'invalid-argument',
      `${view.name} is of one text${view.of === 'two texts' ? ' for each model' : ''}: give --text, --text-file or --tokens once`
    )
  if (view.of === 'checkpoints' && inputs.length > 1)
    throw new LamellaError('invalid-argument', `${view.name} is of one text at most`)
  if (others.length > (view.of === 'two texts' ? 1 : 0))
    throw new LamellaError(
      'invalid-argument',
      view.of === 'two texts'
        ? `${view.name} is of one text for each model: give --with-text, --with-text-file or --with-tokens once`
        : `${view.name} is of no other model’s text: leave out --with-text, --with-text-file and --with-tokens`
    )
  if (options.window !== undefined || options.stride !== undefined)
    throw new LamellaError('invalid-argument', `${view.name} is of one text, which is not cut`)
  const isOfTwo = view.of === 'two weights' || view.of === 'two texts'
  if (view.of !== 'tokenizers' && isOfTwo !== (options.with !== undefined))
    throw new LamellaError(
      'invalid-argument',
      isOfTwo
        ? `${view.name} compares two models, and there is one: give the other one's folder by --with`
        : `${view.name} is of one model: leave out --with`
    )
  const open = (folder: string) => modelToRun(client, folder, line => printError(`${line}\n`))
  const model = await open(folder)
  const other = options.with === undefined ? null : await open(options.with)
  const [input] = inputs
  const [otherInput] = others
  const { edit: edits = [], provider } = options
  const params = settingValues(options.set ?? {}, paramsSchema(view.params).properties ?? {})
  const asked = { view, params, model, other, input, otherInput, edits, provider }
  const made = await madeFigure(client, asked, told).catch((error: unknown) => {
    if (!(error instanceof z.ZodError)) throw error
    const hint = `The command figures lists the params of ${view.name}.`
    throw new LamellaError('invalid-argument', `${view.name}: ${firstFault(error)}`, hint)
  })
  const { from } = made
  const said = { title: made.title, from }
  const { path, keep } = target
  if (isOneOf(figureEndings, ending)) {
    const drawn = made.draw(wishOf(options))
    return writeFigure(client, drawn, said, { path, keep, ending }, options, told)
  }
  const numbers = made.dataset()
  if (ending === 'ipynb')
    return writeNotebook(made.kept(), numbers, { ...said, model: torchModel(model) }, target, told)
  await tellResult(withOrigin(numbers, from, ending), { out: target, inputs }, told)
}

function isOneOf<E extends string>(endings: readonly E[], ending: string): ending is E {
  return (endings as readonly string[]).includes(ending)
}

/**
 * Millimetres, from a length such as `84mm`, `8.4cm`, `3.3in`, `238pt` or `84`.
 * @throws InvalidArgumentError when it is none
 */
export function millimetres(text: string): number {
  const [, number, unit = 'mm'] = /^(\d+(?:\.\d+)?)(mm|cm|in|pt)?$/.exec(text.trim()) ?? []
  const each = { mm: 1, cm: 10, in: 25.4, pt: 25.4 / 72 }[unit] ?? 1
  const length = Number(number) * each
  if (!(length >= 10 && length <= 2000))
    throw new InvalidArgumentError('Expected a length from 10 to 2000 mm, such as 84mm or 3.25in.')
  return length
}
