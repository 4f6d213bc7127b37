import type { Client } from '#common/contract/rpc.ts'
import type { OpenSession, Rerun, SessionKept, SessionModel } from '#common/contract/session.ts'
import { sessionFigures } from '#common/figure/panels/session-figure.ts'
import { LamellaError } from '#common/model/errors.ts'
import type { ModelRef } from '#common/model/model-ref.ts'
import { isOfAnotherMachine } from '#common/model/other-machine.ts'
import { settingsText } from '#common/text/command-text.ts'
import { cutText } from '#common/text/corpus-text.ts'
import { editText } from '#common/text/edit-text.ts'
import { lastPart } from '#common/text/last-part.ts'
import { modelNameAmong } from '#common/text/model-names.ts'
import { counted } from '#common/text/number-text.ts'
import { visibleText } from '#common/text/visible-text.ts'
import { userPath } from './input.ts'
import type { Told } from './tell-result.ts'
import type { Drawer } from './figure-file.ts'
import { sessionReportFile } from './session-report.ts'
import { shortText } from './short-text.ts'
import { table } from './table.ts'
import { printedJson } from './printed-json.ts'

export interface SessionOptions {
  readonly check?: boolean
  readonly rerun?: boolean
  /** Whether that reads files of this machine, too. */
  readonly readFiles?: boolean
  readonly json?: boolean
  /** A file to write a report to. */
  readonly report?: string
}

/** What is computed again may differ by so much: by another machine's rounding, not by another model. */
export const mostDifference = 1e-4
/** Such a rounding may carry what is rounded to float16 over to the next number: a step of 2^-11, and of a difference two. */
const mostOfFloat16 = 1e-3
/** What lets a stranger's session have files of this machine read. */
export const readingFlag = '--read-files'
/** Letters of what is compared, and of what tells it from others: a row stays a line on a wide terminal. */
const mostOfCell = 80

/**
 * Tells what is in a session, whether it is whole, or what its numbers come to now, or writes a report of it.
 * @throws LamellaError when it is damaged, or a number is another one now
 */
export async function session(
  client: Client,
  file: string,
  { check, rerun, readFiles = false, json, report }: SessionOptions,
  told: Told & Drawer
): Promise<void> {
  const { print, printError } = told
  const opened = await client.call('sessions.open', { path: userPath(file), look: true })
  const { id } = opened
  const answer = (value: unknown, lines: () => readonly string[]) =>
    print(json ? `${printedJson(value)}\n` : `${lines().map(visibleLines).join('\n')}\n`)
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
  const say = (line: string) => json || printError(`${visibleText(line)}\n`)
  const remade = await client.call(
    'sessions.rerun',
    { id, readFiles },
    { onProgress: ({ label, done, total }) => say(`${done + 1} of ${total}: ${label}`) }
  )
  const { left, read, unread } = remade
  const again = remade.again.map(own => ({ ...own, limit: limitOf(own) }))
  const compared = again.flatMap(({ difference }) => (difference === null ? [] : [difference]))
  const largest = compared.length === 0 ? null : Math.max(...compared)
  const counts = { compared: compared.length, notCompared: again.length - compared.length }
  const all = { limit: mostDifference, largest, ...counts, values: again, left, read, unread }
  answer({ file: opened.path, ...all }, () => [
    table(
      ['value', 'of', 'largest difference'],
      [
        ...again.map(one => [
          shortText(one.what, mostOfCell),
          shortText(askedText(one, opened), mostOfCell),
          one.problem ?? shown(one.difference)
        ]),
        ...left.map(({ what, why }) => [shortText(what, mostOfCell), '', `not compared: ${why}`])
      ]
    ),
    ...read.map(
      path => `read on this machine, as the session carries no copy: ${visibleText(path)}`
    ),
    ...unread.map(
      path =>
        `not read, as the session carries no copy (${readingFlag} reads it): ${visibleText(path)}`
    ),
    compared.length === 0 && again.length > 0
      ? `none of ${again.length} could be compared`
      : counts.notCompared === 0
        ? `largest of all ${again.length}: ${shown(largest)}`
        : `${counts.notCompared} of ${again.length} could not be compared; largest of the others: ${shown(largest)}`
  ])
  throwIfUnlike(file, opened, again, unread.length > 0)
}

/** @throws LamellaError where a number is another one now or could not be compared, none is kept, or a model is not the one of the session */
function throwIfUnlike(
  file: string,
  opened: OpenSession,
  again: readonly Rerun[],
  hasUnread: boolean
): void {
  const absent = opened.models.filter(({ state }) => state !== 'here')
  const names = absent
    .map(model => `${nameIn(opened, model.ref)} is ${stateText(model)}`)
    .join(', ')
  const differing = again.filter(own => (own.difference ?? 0) > limitOf(own))
  const hints = [
    absent.length > 0 && 'Put the folder of each model beside the session, or where it was.',
    hasUnread &&
      `Where you trust the session, ${readingFlag} has the files of this machine read that it names.`,
    differing.length > 0 && 'Another version may compute otherwise what differs.'
  ].filter(hint => hint !== false)
  const said = (own: readonly Rerun[], words: string) =>
    own[0] === undefined ? [] : [`${own.length} of ${again.length} ${words}: ${own[0].what}`]
  const told = [
    ...said(differing, 'are not what was kept'),
    ...said(
      again.filter(({ difference }) => difference === null),
      'could not be compared'
    ),
    ...(absent.length === 0 ? [] : [names])
  ]
  if (told.length > 0)
    throw new LamellaError(
      'file-invalid',
      `${file}: ${told.join('; ')}`,
      hints.length === 0 ? undefined : hints.join(' ')
    )
  if (again.length === 0)
    throw new LamellaError(
      'file-invalid',
      `${file}: keeps no numbers that could be compared`,
      'A session keeps them that is saved with what was looked at.'
    )
}

function limitOf({ precision }: Pick<Rerun, 'precision'>): number {
  return precision === 'float16' ? mostOfFloat16 : mostDifference
}

/** What tells a number from others of its name: models, edits, what was asked and how what was read is cut. */
function askedText({ models, edits, params, cut }: Rerun, opened: OpenSession): string {
  const asked = settingsText((params ?? {}) as Readonly<Record<string, unknown>>)
  return [
    ...(models.length === 0 ? [] : [models.map(ref => nameIn(opened, ref)).join(' and ')]),
    ...(edits.length === 0 ? [] : [`edited (${edits.map(editText).join('; ')})`]),
    ...(cut === null ? [] : [`windows of ${cutText(cut)}`]),
    ...(asked === '' ? [] : [asked])
  ].join(', ')
}

/** What a model is called in a session, which may have two of a name. */
function nameIn({ models }: Pick<OpenSession, 'models'>, { path, fingerprint }: ModelRef): string {
  const told = models.map(({ name, ref }) => ({ name, fingerprint: ref.fingerprint }))
  const known = told.find(own => own.fingerprint === fingerprint)
  return modelNameAmong(told, known ?? { name: lastPart(path), fingerprint })
}

function shown(difference: number | null): string {
  if (difference === null) return 'not computed'
  return difference === 0 ? '0' : difference.toPrecision(3)
}

function asJson({ path, content, saved, models, texts, notes }: OpenSession, kept: SessionKept) {
  return { file: path, saved, models, texts, notes, content, kept }
}

function described(
  { path, content, saved, models, texts }: OpenSession,
  kept: SessionKept
): string[] {
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
    ['texts', `of ${counted(texts.length, 'corpus', 'corpora')} of files, ${bytes(texts)} bytes`],
    ['named', String(library.length)],
    ['notes', String(notes.length)],
    ['findings', String(findings.length)],
    [
      'figures',
      [figures.length, ...sessionFigures(figures).map(({ name }) => `“${name}”`)].join(' ')
    ]
  ]
  return [
    ...facts.map(([fact, value]) => `${fact.padEnd(10)}${visibleText(value)}`),
    '',
    table(
      ['model', 'is', 'path'],
      models.map(model => [nameIn({ models }, model.ref), stateText(model), model.ref.path])
    )
  ]
}

const keeps = {
  recompute: 'how to compute it again',
  seen: 'what was looked at',
  everything: 'all that was computed'
} as const

function stateText({ state, ref }: Pick<SessionModel, 'state' | 'ref'>): string {
  return state === 'missing' && isOfAnotherMachine(ref.path) ? 'not asked' : states[state]
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
