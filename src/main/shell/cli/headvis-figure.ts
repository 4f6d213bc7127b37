import { z } from 'zod'
import { paramsSchema } from '#common/analysis/params-schema.ts'
import type { CorpusInput } from '#common/analysis/subject.ts'
import type { Client } from '#common/contract/rpc.ts'
import { headVisView } from '#common/figure/views/headvis-view.ts'
import { LamellaError } from '#common/model/errors.ts'
import { firstFault } from '#common/model/first-fault.ts'
import { fileEnding, writeMade, type Drawer, type DrawingOptions } from './figure-file.ts'
import { userPath } from './input.ts'
import { outputFile } from './output-file.ts'
import { settingValues, type SettingTexts } from './settings.ts'
import type { Told } from './tell-result.ts'

interface HeadVisFigureOptions extends DrawingOptions {
  readonly set?: SettingTexts
  readonly texts: readonly CorpusInput[]
}

/** Options that are of figures of models alone. */
const ofModels = ['window', 'stride', 'sentences', 'corpus', 'edit', 'sides', 'with', 'withEdit', 'withProvider', 'withView', 'withSet'] // prettier-ignore

/** Draws what a HeadVis folder tells of one head, and writes it to a file. */
export async function headVisFigure(
  client: Client,
  folder: string,
  { texts, ...options }: HeadVisFigureOptions,
  told: Told & Drawer
): Promise<void> {
  const { name } = headVisView
  if (texts.length > 0 || ofModels.some(option => option in options))
    throw new LamellaError(
      'invalid-argument',
      `${name} is of a HeadVis folder alone: leave out texts, --corpus, --window, --stride, --sentences, --edit, --sides and all that --with begins`
    )
  const path = userPath(folder)
  const target = await outputFile(options.out, [path], [])
  fileEnding(target.path)
  const { properties = {} } = paramsSchema(headVisView.params)
  const params = settingValues(options.set ?? {}, properties)
  const made = await headVisView
    .make(path, params, at => client.call('headvis.head', at), told.version)
    .catch((error: unknown) => {
      if (!(error instanceof z.ZodError)) throw error
      const hint = `The command figures lists the params of ${name}.`
      throw new LamellaError('invalid-argument', `${name}: ${firstFault(error)}`, hint)
    })
  await writeMade(client, made, target, {}, options, told)
}
