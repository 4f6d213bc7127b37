import { z } from 'zod'
import type { HeadVisProfile } from '../../analysis/head-sequences/headvis-profile.ts'
import { LamellaError } from '../../model/errors.ts'
import { readsRightToLeft } from '../../text/token-text.ts'
import { drawing } from '../drawing.ts'
import { activationsFigure, sequencesFigure, titleOf, type FolderHead } from './folder-figures.ts'
import type { MadeFigure, ViewFigure } from './figure-view.ts'
import { LookParams, lookOf } from './look-params.ts'
import { contextExtent, contextLook } from './profile-figures.ts'
import type { Provenance } from '../provenance.ts'

const HeadVisParams = z.strictObject({
  layer: z.int().min(0),
  head: z.int().min(0),
  form: z.enum(['sequences', 'distribution']).default('sequences'),
  ...LookParams.omit({ pooling: true }).shape,
  /** Whether texts run from right to left; by their letters where it is null. */
  mirrored: z.boolean().nullable().default(null)
})

/** What a HeadVis folder tells of one head: the only figure that is of no model. */
export const headVisView = {
  name: 'headvis',
  about:
    'what a HeadVis folder tells of a head: sequences from the whole range of its activation with what they attend to, or how that is distributed',
  of: 'headvis',
  params: HeadVisParams,
  /**
   * @param read what the folder tells of a head
   * @throws ZodError when the params are not its own
   */
  async make(
    path: string,
    given: unknown,
    read: (at: FolderHead) => Promise<HeadVisProfile>,
    version: string
  ): Promise<MadeFigure & { readonly from: Provenance }> {
    const { layer, head, form, mirrored, ...set } = HeadVisParams.parse(given)
    const at = { path, layer, head }
    const profile = await read(at)
    const extent = contextExtent({ bins: profile.parts })
    const look = contextLook(lookOf({ ...set, pooling: 'maximum' }, extent))
    const made = <D extends { readonly title: string | null }>({
      what,
      kind,
      data,
      from,
      dataset
    }: ViewFigure<D, Provenance>) => ({
      ...{ title: `${titleOf(at)} · ${what}`, from, dataset },
      ...drawing(kind, data, look)
    })
    if (form === 'sequences') {
      const rightToLeft = mirrored ?? readsRightToLeft(firstText(profile))
      return made(sequencesFigure(profile, at, rightToLeft, look, version))
    }
    const figure = activationsFigure(profile, at, version)
    if (figure === null)
      throw new LamellaError(
        'unsupported',
        `form: the folder does not say how the activations of head ${layer}.${head} are distributed`,
        'Ask for form=sequences.'
      )
    return made(figure)
  }
} as const

/** The text by whose letters all are laid out. */
export function firstText({ parts }: HeadVisProfile): string {
  const [first] = parts.at(-1)?.contexts ?? []
  return first?.tokens.map(({ text }) => text).join('') ?? ''
}
