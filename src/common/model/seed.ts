import { z } from 'zod'

/** What is drawn by chance: equal seeds draw alike. */
export const Seed = z
  .int()
  .min(0)
  .max(2 ** 32 - 1)
  .default(0)
