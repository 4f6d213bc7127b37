import { z } from 'zod'
import { Token } from './token.ts'

/** One turn of a dialogue: who speaks, as the template calls it, and what is said. */
export const ChatTurn = z.object({
  role: z.string().min(1).max(100),
  content: z.string().max(100_000)
})
export type ChatTurn = z.infer<typeof ChatTurn>

/** Who speaks in most templates. */
export const chatRoles = ['system', 'user', 'assistant', 'tool'] as const

/** What is to be rendered. */
export const ChatRequest = z.object({
  turns: z.array(ChatTurn).max(1000),
  /** One of the model's templates by its name; null for the one that is used where none is named. */
  template: z.string().nullable(),
  /** Whether the text ends with what begins an answer. */
  generationPrompt: z.boolean()
})
export type ChatRequest = z.infer<typeof ChatRequest>

/** Where the content of a turn stands in the text that was rendered, in UTF-16 units. */
export const ChatSpan = z.object({ turn: z.number(), start: z.number(), end: z.number() })
export type ChatSpan = z.infer<typeof ChatSpan>

/** A dialogue as a model's template writes it. */
export const RenderedChat = z.object({
  text: z.string(),
  /** The template that wrote it, and all that the model has, by their names. */
  template: z.string(),
  templates: z.array(z.string()),
  /** The file that the template is from. */
  source: z.string(),
  /** In the order of the text; null where the template changes what is said, so that it is not found again. */
  spans: z.array(ChatSpan).nullable()
})
export type RenderedChat = z.infer<typeof RenderedChat>

/** The same with its tokens, around which nothing is put: the template writes all of them. */
export const TokenizedChat = RenderedChat.extend({ tokens: z.array(Token) })
export type TokenizedChat = z.infer<typeof TokenizedChat>

/**
 * The turn that each token is of: the first of those whose content it has a part of.
 * @returns [token], null of what the template put there
 */
export function turnsOfTokens(
  tokens: readonly Pick<Token, 'start' | 'end'>[],
  spans: readonly ChatSpan[]
): (number | null)[] {
  return tokens.map(
    token => spans.find(({ start, end }) => token.start < end && token.end > start)?.turn ?? null
  )
}

/** Who says each token, by the turn that it is of. */
export function rolesOfTokens(
  tokens: readonly Pick<Token, 'start' | 'end'>[],
  spans: readonly ChatSpan[],
  turns: readonly ChatTurn[]
): (string | null)[] {
  return turnsOfTokens(tokens, spans).map(turn => (turn === null ? null : turns[turn]!.role))
}
