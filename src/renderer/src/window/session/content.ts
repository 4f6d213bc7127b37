import type { KeptWish } from '#common/contract/session.ts'
import { eachOnce, pastKey } from '#common/model/library.ts'
import { subjectModel } from '#common/model/subject.ts'
import { sessionLimits, type SessionContent } from '#common/model/session.ts'
import { useLibrary } from '../../stores/library.ts'
import { lookedAt } from '../../stores/looked-at.ts'
import { useModels } from '../../stores/models.ts'
import { useRuns } from '../../stores/runs.ts'
import { useSession } from '../../stores/session.ts'
import { useTabs } from '../../stores/tabs.ts'
import { useWorkspace } from '../../stores/workspace.ts'
import { viewOf } from '../../views/registry.ts'
import { tooMuch } from './too-much.ts'

/** What a session's file is to hold of what the window has now, each as JSON text. */
export interface SessionTexts {
  readonly content: string
  readonly wish: string
}

/** @throws LamellaError where it is more than a session may hold */
export function sessionTexts(): SessionTexts {
  const { notes, findings, figures } = useSession()
  const window = useWorkspace().sessionWindow()
  const own: SessionContent = {
    window: plain(window),
    library: [...useLibrary().items],
    runs: ownRuns(),
    notes: [...notes],
    findings: [...findings],
    figures: [...figures]
  }
  const content = JSON.stringify(own)
  if (content.length > sessionLimits.characters) throw tooMuch(own)
  return { content, wish: JSON.stringify(plain(wish())) }
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
  return { runs, results: lookedAt(), corpora: corporaOfTabs() }
}

/** What tabs are set to read, also where nothing has been read yet. */
function corporaOfTabs(): string[] {
  const named = new Set(
    useTabs().tabs.flatMap(
      ({ type, context }) => viewOf(type)?.corpora?.(context.options ?? {}) ?? []
    )
  )
  const { items } = useLibrary()
  return items
    .filter(({ kind, name }) => kind === 'corpus' && named.has(name))
    .map(({ name }) => name)
}

/** As JSON has it: undefined members fall away. */
function plain<T>(value: T): never {
  return JSON.parse(JSON.stringify(value)) as never
}
