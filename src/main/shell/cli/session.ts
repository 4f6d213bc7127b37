import type { Client } from '#common/contract/rpc.ts'
import type { OpenSession, SessionKept } from '#common/contract/session.ts'
import { sessionFigures } from '#common/figure/panels/session-figure.ts'
import { LamellaError } from '#common/model/errors.ts'
import { isOfAnotherMachine } from '#common/model/other-machine.ts'
import { visibleText } from '#common/text/visible-text.ts'
import { userPath } from './input.ts'
import type { Told } from './tell-result.ts'
import { sessionReportFile } from './session-report.ts'
import { table } from './table.ts'

export interface SessionOptions {
  readonly check?: boolean
  readonly rerun?: boolean
  readonly json?: boolean
  /** A file to write a report to. */
  readonly report?: string
}

/** What is computed again may differ by so much: by another machine's rounding, not by another model. */
export const mostDifference = 1e-4

/**
 * Tells what is in a session, whether it is whole, or what its numbers come to now, or writes a report of it.
 * @throws LamellaError when it is damaged, or a number is another one now
 */
export async function session(
  client: Client,
  file: string,
  { check, rerun, json, report }: SessionOptions,
  told: Told
): Promise<void> {
  const { print, printError } = told
  const opened = await client.call('sessions.open', { path: userPath(file), look: true })
  const { id } = opened
  const answer = (value: unknown, lines: () => readonly string[]) =>
    print(
      json ? `${JSON.stringify(value, null, 2)}\n` : `${lines().map(visibleLines).join('\n')}\n`
    )
  if (!json) for (const note of opened.notes) printError(`${visibleText(note)}\n`)
  if (check) {
    const found = await client.call('sessions.check', { id })
    answer({ file: opened.path, ...found }, () =>
      found.damaged.length === 0 && found.isWhole
        ? [`${opened.path}: ${found.rows} parts, all as they were saved`]
        : found.damaged
    )
    if (found.damaged.length > 0 || !found.isWhole)
      throw new LamellaError(
        'file-invalid',
        `${file}: ${found.damaged.length} of ${found.rows} parts are damaged${found.isWhole ? '' : ', and some may be missing'}`,
        'What is left of it opens; take a copy from before for the rest.'
      )
    return
  }
  if (report !== undefined) return sessionReportFile(client, opened, { file, out: report }, told)
  const kept = await client.call('sessions.kept', { id })
  if (!rerun) {
    answer(asJson(opened, kept), () => described(opened, kept))
    return
  }
  const again = await client.call(
    'sessions.rerun',
    { id },
    {
      onProgress: ({ label, done, total }) =>
        json || printError(`${done + 1} of ${total}: ${label}\n`)
    }
  )
  const compared = again.flatMap(({ difference }) => (difference === null ? [] : [difference]))
  const largest = compared.length === 0 ? null : Math.max(...compared)
  const counts = { compared: compared.length, notCompared: again.length - compared.length }
  answer({ file: opened.path, limit: mostDifference, largest, ...counts, values: again }, () => [
    table(
      ['value', 'largest difference'],
      again.map(({ what, difference, problem }) => [what, problem ?? shown(difference)])
    ),
    counts.notCompared === 0
      ? `largest of all ${again.length}: ${shown(largest)}`
      : `${counts.notCompared} of ${again.length} could not be compared; largest of the others: ${shown(largest)}`
  ])
  const failed = again.filter(
    ({ difference }) => difference === null || difference > mostDifference
  )
  if (failed.length > 0)
    throw new LamellaError(
      'file-invalid',
      `${file}: ${failed.length} of ${again.length} are not what was kept: ${failed[0]!.what}`,
      'The models may lie elsewhere, be others now, or another version may compute them otherwise.'
    )
}

function shown(difference: number | null): string {
  if (difference === null) return 'not computed'
  return difference === 0 ? '0' : difference.toPrecision(3)
}

function asJson({ path, content, saved, models, notes }: OpenSession, kept: SessionKept) {
  return { file: path, saved, models, notes, content, kept }
}

function described({ path, content, saved, models }: OpenSession, kept: SessionKept): string[] {
  const { library, runs, notes, findings, figures } = content
  const values = kept.runs.flatMap(({ values }) => values)
  const bytes = (items: readonly { readonly bytes: number }[]) =>
    items.reduce((sum, { bytes }) => sum + bytes, 0).toLocaleString('en')
  const facts: readonly (readonly [string, string])[] = [
    ['file', path],
    ['saved', `${new Date(saved.at).toISOString()} by Lamella ${saved.version}`],
    ['bytes', saved.bytes.toLocaleString('en')],
    ['keeps', keeps[saved.keep]],
    ['runs', `${runs.length}, ${kept.runs.length} with their tokens`],
    ['values', `${values.length}, ${bytes(values)} bytes`],
    ['results', `${kept.results.length}, ${bytes(kept.results)} bytes`],
    ['named', String(library.length)],
    ['notes', String(notes.length)],
    ['findings', String(findings.length)],
    [
      'figures',
      [figures.length, ...sessionFigures(figures).map(({ name }) => `“${name}”`)].join(' ')
    ]
  ]
  return [
    ...facts.map(([fact, value]) => `${fact.padEnd(10)}${value}`),
    '',
    table(
      ['model', 'is', 'path'],
      models.map(({ name, state, ref }) => [name, stateText(state, ref.path), ref.path])
    )
  ]
}

const keeps = {
  recompute: 'how to compute it again',
  seen: 'what was looked at',
  everything: 'all that was computed'
} as const

function stateText(state: keyof typeof states, path: string): string {
  return state === 'missing' && isOfAnotherMachine(path) ? 'not asked' : states[state]
}

const states = {
  here: 'there',
  missing: 'not there',
  changed: 'another one now'
} as const

/** Each line by itself: what a session says has no line of its own to give. */
function visibleLines(text: string): string {
  return text.split('\n').map(visibleText).join('\n')
}
