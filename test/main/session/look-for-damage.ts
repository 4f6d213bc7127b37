import { isDeepStrictEqual } from 'node:util'
import { LamellaError } from '#common/model/errors.ts'
import {
  checkRows,
  readSession,
  resultIn,
  valueIn
} from '../../../src/main/session/read-session.ts'
import { exampleContent, pattern, scores, stream } from './example.ts'

/** How a damaged session is taken: refused in words, without what is damaged, or as if nothing were. */
export type Taken = 'refused' | 'left out' | 'whole'

/** Looks at a damaged file. @throws Error saying what is given that was not saved */
export type DamageCheck = (bytes: Buffer, how: string) => Taken

/** @param sound the example, as `writeExample` writes it */
export function createDamageCheck(sound: Buffer): DamageCheck {
  const { stored, ...saved } = readSession(sound, 'a.lamella')
  stored.close()

  return (bytes, how) => {
    let read: ReturnType<typeof readSession>
    try {
      read = readSession(bytes, 'a.lamella')
    } catch (error) {
      if (error instanceof LamellaError && /^a\.lamella: /.test(error.message)) return 'refused'
      throw new Error(`${how}: ${String(error)}`, { cause: error })
    }
    const { stored, ...found } = read
    try {
      const wrong: string[] = []
      const same = (what: string, own: unknown, wanted: unknown) => {
        if (!isDeepStrictEqual(own, wanted)) wrong.push(what)
      }
      same('content', found.content, exampleContent())
      same('saved', { ...found.saved, bytes: 0 }, { ...saved.saved, bytes: 0 })
      let missing = found.notes.length
      const either = (what: string, own: unknown, wanted: unknown) => {
        if (own === null) missing++
        else same(what, own, wanted)
      }
      either('models', found.models.length === 0 ? null : found.models, saved.models)
      either('runs', found.runs.length === 0 ? null : found.runs, saved.runs)
      for (const { run, hook, value } of [pattern, stream]) {
        const wanted = { shape: [...value.shape], data: new Float32Array(value.data) }
        either(hook, valueIn(stored, run, hook)?.value ?? null, wanted)
      }
      either('result', resultIn(stored, 'k'), scores)
      const { damaged } = checkRows(stored)
      if (missing > 0 && damaged.length === 0 && stored.isWhole)
        wrong.push('what is missing is not told')
      if (wrong.length > 0) throw new Error(`${how}: ${wrong.join(', ')}`)
      return missing > 0 || damaged.length > 0 || !stored.isWhole ? 'left out' : 'whole'
    } finally {
      stored.close()
    }
  }
}
