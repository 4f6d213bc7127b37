import type { ModelInfo } from '#common/contract/schemas.ts'
import type { SessionKept } from '#common/contract/session.ts'
import type { SessionContent } from '#common/model/session.ts'
import { isAnother } from '#common/model/absence.ts'
import { isSameModel } from '#common/model/model-ref.ts'
import type { ReportEnding } from '#common/report/report-content.ts'
import type { ReportedModel, ReportedSession } from '#common/report/reported-session.ts'
import { fileName } from '#common/text/file-name.ts'
import { useClient } from '../../stores/client.ts'
import { useExports } from '../../stores/exports.ts'
import { lastPart } from '#common/text/last-part.ts'
import { useModels } from '../../stores/models.ts'
import { useSession } from '../../stores/session.ts'
import { useTasks } from '../../stores/tasks.ts'
import { useWorkspace } from '../../stores/workspace.ts'
import { figureHost } from '../../ui/figure/saved-figure.ts'
import { saveFile, savedWhere } from '../frame/save-file.ts'
import { sessionContent, sessionTexts } from './content.ts'
import { useDocument } from './document.ts'

const types = { pdf: 'application/pdf', html: 'text/html' } as const

/** Saves the session as it is now as a document that stands by itself. */
export async function saveReport(ending: ReportEnding): Promise<void> {
  const document = useDocument()
  try {
    await useTasks().track('Writing the report', async ({ signal }) => {
      // Most windows write none.
      const { reportFigures } = await import('#common/report/session-figures.ts')
      const { reportContent } = await import('#common/report/report-content.ts')
      const session = await reportedSession()
      const client = useClient()
      const figures = await reportFigures(client, session, useSession().file?.id ?? null)
      const of = { session, figures }
      const { bytes, without } = await reportContent(client, of, ending, figureHost, signal)
      const name = fileName(session.name, ending)
      saveFile(name, new Blob([bytes], { type: types[ending] }))
      useExports().tell({ name, done: `is saved ${savedWhere}`, without })
    })
  } catch (thrown) {
    document.fail('The report could not be written', thrown)
  }
}

async function reportedSession(): Promise<ReportedSession> {
  const { name, file, changed } = useSession()
  const content = JSON.parse(sessionTexts(sessionContent()).content) as SessionContent
  return {
    name: name ?? 'Session',
    file: file === null ? 'SESSION.lamella' : lastPart(file.path),
    ...{ version: useWorkspace().version, at: Date.now(), content, changed },
    saved: file?.saved ?? null,
    models: await reportedModels(),
    kept: file === null ? nothingKept : await useClient().call('sessions.kept', { id: file.id }),
    texts: file?.texts ?? [],
    notes: file?.notes ?? []
  }
}

function stateOf({ absent }: ModelInfo): ReportedModel['state'] {
  if (absent === 'missing' || absent === 'unreadable') return absent
  // One that is set aside is where it was.
  return isAnother(absent) ? 'changed' : 'here'
}

const nothingKept: SessionKept = { runs: [], results: [] }

/** Models that are open, and those of the session's file that are not. */
async function reportedModels(): Promise<ReportedModel[]> {
  const session = useSession()
  const { file } = session
  const open = useModels().open.map((info): ReportedModel => ({
    info,
    state: stateOf(info),
    formerly: session.formerly(info.fingerprint)
  }))
  const others = (file?.models ?? []).filter(
    ({ ref }) => !open.some(({ info }) => isSameModel(info, ref))
  )
  const known = others.map(async ({ ref, state, formerly }) => ({
    info: await useClient().call('sessions.model', { id: file!.id, ref }),
    ...{ state, formerly }
  }))
  return [...open, ...(await Promise.all(known))]
}
