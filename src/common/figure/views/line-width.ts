import { z } from 'zod'

/** How long lines of a text are that flows in them, in CSS pixels. */
export const LineWidth = z.number().min(100).max(4000).default(480)
