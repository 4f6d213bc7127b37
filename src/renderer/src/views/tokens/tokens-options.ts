import { z } from 'zod'
import { ChatRequest, type ChatTurn } from '#common/model/chat.ts'
import { plainSplits } from '#common/text/plain-split.ts'

export const tokenForms = ['tokens', 'split', 'compared', 'decode', 'dialogue'] as const

/** What a dialogue begins as. */
const firstTurns: ChatTurn[] = [{ role: 'user', content: 'Hello' }]

/** What the view of tokens is set to. */
export const TokensOptions = z.object({
  form: z.enum(tokenForms).catch('tokens'),
  /** What the text is split by, too: a plain way, or a model by the path of its folder. */
  against: z.union([z.enum(plainSplits), z.object({ path: z.string() })]).catch('words'),
  /** Token ids as they are typed. */
  ids: z.string().max(100_000).catch(''),
  /** A dialogue, the template that writes it, and whether an answer is begun. */
  turns: ChatRequest.shape.turns.catch(firstTurns),
  template: ChatRequest.shape.template.catch(null),
  generationPrompt: ChatRequest.shape.generationPrompt.catch(true)
})
export type TokensOptions = z.output<typeof TokensOptions>
export type Against = TokensOptions['against']
