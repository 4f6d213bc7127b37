import type { TraceCache } from '../../trace/cache.ts'

/** Where what runs compute is found and kept: the trace cache, or what stands in for it. */
export type RunValues = Pick<TraceCache, 'get' | 'first' | 'missing' | 'put' | 'keep'>
