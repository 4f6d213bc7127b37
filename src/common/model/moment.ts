import { z } from 'zod'

/** A moment in milliseconds since 1970, as far from that as dates go. */
export const Moment = z.number().min(-8.64e15).max(8.64e15)
