import { z } from 'zod'

/** A param: into how many clusters a tree is cut, at most. */
export const Clusters = z.int().min(1).max(1000).default(4)
