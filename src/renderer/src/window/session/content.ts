import type { KeptWish } from '#common/contract/session.ts'
import {
  corpusNamed,
  eachOnce,
  itemKey,
  pastKey,
  sharedContent,
  type ItemRef,
  type LibraryItem
} from '#common/model/library.ts'
import { keptFindings } from '#common/analysis/head-atlas/kept-finding.ts'
import { sessionFigures } from '#common/figure/panels/session-figure.ts'
import { subjectModel } from '#common/model/subject.ts'
import { sessionLimits, type SessionContent } from '#common/model/session.ts'
import { useLibrary } from '../../stores/library.ts'
import { lookedAt } from '../../stores/looked-at.ts'
import { useModels } from '../../stores/models.ts'
import { useRuns } from '../../stores/runs.ts'
import { useSession } from '../../stores/session.ts'
import { useTabs } from '../../stores/tabs.ts'
import { useWorkspace } from '../../stores/workspace.ts'
import { readsOf } from './named-reads.ts'
import { isSaid, saidIn, type Said } from './said-in.ts'
import { tooMuch } from './too-much.ts'

/** What a session's file is to hold of what the window has now, each as JSON text. */
export interface SessionTexts {
  readonly content: string
  readonly wish: string
}

/** @throws LamellaError where it is more than a session may hold */
export function sessionTexts(own: SessionContent): SessionTexts {
  const content = JSON.stringify(own)
  if (content.length > sessionLimits.characters) throw tooMuch(own)
  return { content, wish: JSON.stringify(plain(wish())) }
}

/** What the window has now. */
export function sessionContent(): SessionContent {
  const { notes, findings, figures } = useSession()
  const window = useWorkspace().sessionWindow()
  const own = {
    window: plain(window),
    runs: ownRuns(),
    notes: [...notes],
    findings: [...findings],
    figures: [...figures]
  }
  return { ...own, library: ownItems(saidIn(window, own.runs, notes, findings)) }
}

/**
 * What has a name and is of the session: what its tabs, runs, results, notes, findings and panels read, by what it is called or by all
 * that is in it, what its file has, and what was made or changed here since it began. What else this machine knows is none of it.
 */
function ownItems(said: Said): LibraryItem[] {
  const library = useLibrary()
  const read = new Set(namedReads().map(itemKey))
  // The session's file may have it under another name than the library here.
  const kept = new Set(useSession().file?.library.map(sharedContent))
  return library.items.filter(
    item =>
      read.has(itemKey(item)) ||
      library.made.has(itemKey(item)) ||
      isSaid(item, said) ||
      kept.has(sharedContent(item))
  )
}

/** What was run since the session began of the models that it speaks of, what is shown of them, and the past runs that its file has. */
export function ownRuns(): SessionContent['runs'] {
  const tabs = useTabs().tabs.flatMap(({ context: { on, with: other } }) => [on, other])
  const alone = tabs.flatMap(on => (on === null || typeof on === 'string' ? [] : subjectModel(on)))
  const paths = new Set([...useModels().open, ...alone].map(({ path }) => path))
  const { began, runs } = useSession()
  const isShown = new Set(useRuns().records.map(pastKey))
  const here = useLibrary().history.filter(
    past => paths.has(past.source.model.path) && (past.at >= began || isShown.has(pastKey(past)))
  )
  return eachOnce([...here, ...runs]).slice(0, sessionLimits.runs)
}

function wish(): KeptWish {
  const runs = useRuns().records.map(({ source }) => source)
  return { runs, results: lookedAt(), corpora: readCorpora() }
}

/** Corpora that are there, by their names. */
function readCorpora(): string[] {
  const read = new Set(namedReads().map(itemKey))
  const { items } = useLibrary()
  return items
    .filter(item => item.kind === 'corpus' && read.has(itemKey(item)))
    .map(({ name }) => name)
}

/** What tabs are set to read, also where nothing has been read yet, what findings were found in, and what panels are drawn of. */
function namedReads(): ItemRef[] {
  const { findings, figures } = useSession()
  const ofFindings = keptFindings(findings).map(({ corpus }) => corpusNamed(corpus))
  const panels = sessionFigures(figures).flatMap(figure => figure.panels)
  return [
    ...useTabs().tabs.flatMap(readsOf),
    ...ofFindings.filter(read => read !== null),
    ...panels.flatMap(({ reads = [] }) => reads)
  ]
}

/** As JSON has it: undefined members fall away. */
function plain<T>(value: T): never {
  return JSON.parse(JSON.stringify(value)) as never
}
