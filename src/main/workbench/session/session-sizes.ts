import type { HandlerContext } from '#common/contract/rpc.ts'
import type { KeptWish, SessionSizes } from '#common/contract/session.ts'
import type { SessionContent } from '#common/model/session.ts'
import {
  everyHook,
  isKeptOn,
  type KeptBefore,
  modelsOf,
  sourcesOf,
  type SessionParts
} from './write-session.ts'
import { isOf } from './refs.ts'
import { withReplaced } from './replaced.ts'
import { requestKey } from './request-key.ts'
import { planTexts } from './texts-plan.ts'

/** Of each table and its index, and of the first page, in bytes. */
const emptyBytes = 15 * 8192

/** What rows take beside what is in them, as pages are filled. */
const overhead = 1.05

/**
 * Reckons what a session's file would take: runs by their tokens, values as the cache keeps them, results as they were
 * given, texts by their files. Each is an estimate: what was not computed since the start is reckoned by its like, patterns as half-precision
 * numbers, and all is packed as it is written.
 */
export function createSessionSizes(
  parts: SessionParts
): (
  content: SessionContent,
  wish: KeptWish,
  before: KeptBefore | null,
  context: HandlerContext
) => Promise<SessionSizes> {
  const { runs, cache, lookedAt } = parts

  return async (content, asked, before, context) => {
    const wish = withReplaced(parts, asked, before, context)
    const models = modelsOf(parts, content, wish, before, context)
    const own = jsonBytes(content) + jsonBytes([...models.values()].map(({ kept }) => kept))
    let seen = 0
    let everything = 0
    for (const source of sourcesOf(content, wish)) {
      context.signal.throwIfAborted()
      const record = await runs
        .made(source, { ...context, progress: () => undefined })
        .catch(() => null)
      if (record === null) {
        for (const { id } of before?.runs.filter(run => isOf(run, source)) ?? []) {
          const taken = sum(before?.values.get(id)?.hooks ?? new Map())
          seen += taken
          everything += taken
        }
        continue
      }
      const { run, model } = record
      const bytes = jsonBytes(run)
      const looked = lookedAt.hooks(run.id)
      const kept = new Map((await cache.hooks(run.id)).map(({ hook, bytes }) => [hook, bytes]))
      for (const [hook, whole] of looked) seen += kept.get(hook) ?? whole
      const pattern = (model.info.config?.nHeads ?? 0) * run.tokens.length ** 2 * 2
      for (const hook of new Set([
        ...looked.keys(),
        ...(await everyHook(cache, run.id, model.info))
      ])) {
        everything += kept.get(hook) ?? looked.get(hook) ?? pattern
      }
      const had = [...(before?.values.get(run.id)?.hooks ?? [])]
      if (before !== null && isKeptOn('seen', before))
        seen += sum(had.filter(([hook]) => !looked.has(hook)))
      seen += bytes
      everything += bytes
    }
    const known = wish.results.map(request => lookedAt.resultBytes(requestKey(request)))
    const measured = known.filter(bytes => bytes !== null)
    const usual = measured.reduce((sum, bytes) => sum + bytes, 0) / Math.max(1, measured.length)
    const results = known.reduce<number>((sum, bytes) => sum + (bytes ?? usual), 0)
    const texts = await planTexts(content, wish, before, context)
    for (const { bytes } of texts.kept) everything += bytes
    const whole = (bytes: number) => Math.ceil(emptyBytes + overhead * bytes)
    return {
      recompute: whole(own),
      seen: whole(own + seen + results),
      everything: whole(own + everything + results),
      texts: texts.kept.map(({ name, bytes }) => ({ name, bytes })),
      without: [...texts.without]
    }
  }
}

function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value))
}

function sum(hooks: Iterable<readonly [hook: string, bytes: number]>): number {
  let sum = 0
  for (const [, bytes] of hooks) sum += bytes
  return sum
}
