import { z } from 'zod'
import { errorCodes } from '../model/errors.ts'
import { Progress } from './schemas.ts'

/**
 * What a client says: first who it is, then to call a method or to give up a call it made. One is cancelled when a person
 * asks for that, and abandoned when nobody waits for it any more.
 */
export const ClientMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), client: z.string().min(1).max(100) }),
  z.object({
    type: z.literal('call'),
    id: z.number().int(),
    method: z.string(),
    params: z.unknown()
  }),
  z.object({ type: z.literal('cancel'), id: z.number().int() }),
  z.object({ type: z.literal('abandon'), id: z.number().int() })
])
export type ClientMessage = z.infer<typeof ClientMessage>

/** What the workbench says: how a call goes, how it ended, or what happened unasked. */
export const ServerMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), id: z.number().int(), progress: Progress }),
  z.object({ type: z.literal('result'), id: z.number().int(), result: z.unknown() }),
  z.object({
    type: z.literal('error'),
    id: z.number().int(),
    error: z.object({
      code: z.enum(errorCodes),
      message: z.string(),
      hint: z.string().optional(),
      choices: z.array(z.string()).readonly().optional()
    })
  }),
  z.object({ type: z.literal('event'), event: z.string(), payload: z.unknown() })
])
export type ServerMessage = z.infer<typeof ServerMessage>
