import { z } from 'zod'
import { plainSplits } from '#common/text/plain-split.ts'

export const tokenForms = ['tokens', 'split', 'compared', 'decode'] as const

/** What the view of tokens is set to. */
export const TokensOptions = z.object({
  form: z.enum(tokenForms).catch('tokens'),
  /** What the text is split by, too: a plain way, or a model by the path of its folder. */
  against: z.union([z.enum(plainSplits), z.object({ path: z.string() })]).catch('words'),
  /** Token ids as they are typed. */
  ids: z.string().max(100_000).catch('')
})
export type TokensOptions = z.output<typeof TokensOptions>
export type Against = TokensOptions['against']
