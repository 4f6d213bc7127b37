import { z } from 'zod'
import { paramsSchema } from '#common/analysis/params-schema.ts'
import type { Sides } from '#common/analysis/sides.ts'
import type { Client } from '#common/contract/rpc.ts'
import { figureBeside } from '#common/figure/figures-beside.ts'
import { givenParams } from '#common/figure/made/made-figure.ts'
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
  readonly sides?: Sides
  readonly withSet?: SettingTexts
  /** What else was typed of what a figure of models is of, as it is typed. */
  readonly said: readonly string[]
}

/** Options of figures of models that those of a folder have, too. */
const own: readonly string[] = ['--view', '--set', '--sides', '--with-set']

/** Draws what a HeadVis folder tells of one head, or of two beside each other, and writes it to a file. */
export async function headVisFigure(
  client: Client,
  folder: string,
  { said, ...options }: HeadVisFigureOptions,
  told: Told & Drawer
): Promise<void> {
  const { name } = headVisView
  const { set = {}, sides, withSet } = options
  const others = said.filter(option => !own.includes(option))
  const refuse = (why: string): never => {
    throw new LamellaError('invalid-argument', `${name} ${why}`)
  }
  if (others.length > 0) refuse(`is of a HeadVis folder alone: leave out ${others.join(', ')}`)
  if (sides === 'difference')
    refuse('is of heads of which none can be taken from the other: say --sides beside')
  if (sides === undefined && withSet !== undefined)
    refuse('is one figure: leave out --with-set, or say --sides beside')
  const path = userPath(folder)
  const target = await outputFile(options.out, [path], [])
  fileEnding(target.path)
  const { properties = {} } = paramsSchema(headVisView.params)
  const make = (set: SettingTexts) =>
    headVisView
      .make(
        path,
        givenParams(settingValues(set, properties)),
        at => client.call('headvis.head', at),
        told.version
      )
      .catch((error: unknown) => {
        if (!(error instanceof z.ZodError)) throw error
        const hint = `The command figures lists the params of ${name}.`
        throw new LamellaError('invalid-argument', `${name}: ${firstFault(error)}`, hint)
      })
  const one = await make(set)
  const made = sides === undefined ? one : figureBeside(one, await make({ ...set, ...withSet }))
  await writeMade(client, made, target, [], options, told)
}
