import { z } from 'zod'
import { subjectOfModel, type ReadByModel } from '#common/analysis/subject-of-model.ts'
import type { AnalysisSubject, Cut } from '#common/analysis/subject.ts'
import type { Params } from '#common/contract/api.ts'
import type { Client } from '#common/contract/rpc.ts'
import type { ModelInfo, Progress } from '#common/contract/schemas.ts'
import type { Dataset } from '#common/data/dataset.ts'
import type { Edit } from '#common/model/edit.ts'
import { LamellaError, toLamellaError } from '#common/model/errors.ts'
import { visibleText } from '#common/text/visible-text.ts'
import { modelToRun, whyNotFinite, type Warn } from './commands.ts'

/** Progress is said this often, in ms. */
const saidEvery = 2000

/** How what is read is cut, as it is typed. */
export interface CutOptions {
  readonly window?: number | undefined
  readonly stride?: number | undefined
  /** Whether each sentence is read by itself. */
  readonly sentences?: boolean | undefined
}

export function cutOf({ window, stride, sentences = false }: CutOptions): Cut {
  return { window: window ?? null, stride: stride ?? null, ...(sentences && { sentences }) }
}

/** @throws LamellaError `invalid-argument` where a stride is said of what is not cut */
export function checkReading({ inputs, window, stride }: Omit<ReadByModel, 'provider'>): void {
  if (stride !== null && window === null && inputs.every(input => !('path' in input)))
    throw new LamellaError('invalid-argument', '--stride needs --window')
}

/** A model that is opened, and what an analysis of it is of; says what its reading takes for granted. */
export async function subjectOf(
  client: Client,
  folder: string,
  reading: ReadByModel,
  edits: readonly Edit[],
  printError: (text: string) => void
): Promise<{ readonly model: ModelInfo; readonly of: AnalysisSubject }> {
  const model = await modelToRun(client, folder, line => printError(`${line}\n`))
  return { model, of: subjectOfModel(model, reading, edits) }
}

/** What an analysis comes to; says how far it is, what it has not read as it is and what it has left out. */
export async function analysisRun(
  client: Client,
  params: Params<'analysis.run'>,
  printError: (text: string) => void
): Promise<Dataset> {
  const found = await client
    .call('analysis.run', params, { onProgress: progressTo(printError) })
    .catch(goesOn)
  warnOfResult(found.attributes, line => printError(`${line}\n`))
  for (const line of leftOutLines(found.attributes['left_out'])) printError(`${line}\n`)
  return found
}

/** Says what a result has not read as it is, and that its runs came upon values that are not finite, where that is so. */
export function warnOfResult(
  { unknown, not_finite: notFinite, edits }: Dataset['attributes'],
  warn: Warn
): void {
  if (typeof unknown === 'string') warn(`warning: ${visibleText(unknown)}`)
  if (typeof notFinite !== 'string') return
  warn(`warning: ${visibleText(notFinite)}; ${whyNotFinite(edits !== undefined)}`)
}

/** Says of work that was cancelled how it goes on. @throws LamellaError the error */
export function goesOn(error: unknown): never {
  const { code } = toLamellaError(error)
  if (code !== 'cancelled') throw error
  throw new LamellaError('cancelled', 'Cancelled', 'The same command goes on from there.')
}

/** Says how far it is: whenever that can be told from what was said before, and not too often. */
export function progressTo(printError: (text: string) => void): (progress: Progress) => void {
  let said = ''
  let saidAt = -Infinity
  return ({ label, done, total }) => {
    const share = total > 0 ? ` (${Math.floor((100 * done) / total)} %)` : ''
    const line = `${visibleText(label)}${share}\n`
    const now = performance.now()
    if (line === said || now - saidAt < saidEvery) return
    said = line
    saidAt = now
    printError(line)
  }
}

const Named = z.object({ name: z.string(), why: z.string() })

/** More lines tell less than a result that is saved. */
const mostLeftOut = 10

/** What was left out, a line each: texts and files by a line, words and weights by their name and why. */
export function leftOutLines(left: unknown): string[] {
  if (!Array.isArray(left)) return []
  const lines = left.slice(0, mostLeftOut).map(one => {
    const named = Named.safeParse(one)
    const text = named.success ? `${named.data.name}: ${named.data.why}` : String(one)
    return `left out: ${visibleText(text)}`
  })
  const more = left.length - lines.length
  return more > 0
    ? [...lines, `left out: ${more} more, which the attribute left_out of the result names`]
    : lines
}
