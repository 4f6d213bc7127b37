import { basename } from 'node:path'
import type { Client } from '#common/contract/rpc.ts'
import type { OpenSession } from '#common/contract/session.ts'
import { reportContent, reportEndings } from '#common/report/report-content.ts'
import type { ReportedSession } from '#common/report/reported-session.ts'
import { reportFigures } from '#common/report/session-figures.ts'
import { endingOf } from '../../export/save-arrays.ts'
import { counted } from '#common/text/number-text.ts'
import { writeWholeFile } from '../../export/whole-file.ts'
import type { Told } from './tell-result.ts'
import { withFigureHost, type Drawer } from './figure-file.ts'
import { outputFile } from './output-file.ts'

/** Writes a session as a document that stands by itself: what it keeps, whether its models are there or not. */
export async function sessionReportFile(
  client: Client,
  opened: OpenSession,
  { file, out }: { readonly file: string; readonly out: string },
  { version, print, printError, ...drawer }: Told & Drawer
): Promise<void> {
  const { path, keep } = await outputFile(out, [], [opened.path])
  const ending = endingOf(path, reportEndings)
  const session = await reported(client, opened, { file, version })
  const figures = await reportFigures(client, session, opened.id)
  const { bytes, without } = await withFigureHost(drawer, host =>
    reportContent(client, { session, figures }, ending, host)
  )
  if (without.length > 0)
    printError(`warning: boxes stand for letters that no font has: ${without.join(' ')}\n`)
  await writeWholeFile(path, whole => whole.append(bytes), keep)
  const { notes, findings } = session.content
  const counts = [
    counted(notes.length, 'note'),
    counted(findings.length, 'finding'),
    counted(figures.length, 'figure')
  ]
  print(`${path}: ${counts.join(', ')}\n`)
}

async function reported(
  client: Client,
  { id, content, saved, models, texts, notes }: OpenSession,
  { file, version }: { readonly file: string; readonly version: string }
): Promise<ReportedSession> {
  const kept = await client.call('sessions.kept', { id })
  const known = models.map(async ({ ref, state, formerly }) => ({
    info: await client.call('sessions.model', { id, ref }),
    ...{ state, formerly }
  }))
  return {
    name: basename(file).replace(/\.lamella$/i, ''),
    // Folders of the machine are nobody else's.
    ...{
      file: basename(file),
      version,
      at: Date.now(),
      saved,
      changed: false,
      content,
      kept,
      texts
    },
    notes,
    models: await Promise.all(known)
  }
}
