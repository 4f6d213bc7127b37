import { sessionCommandText } from '../text/command-text.ts'
import { inItsDirection } from '../text/token-text.ts'
import { visibleText } from '../text/visible-text.ts'
import { figureBlocks } from './figure-blocks.ts'
import { findingBlocks } from './finding-blocks.ts'
import { modelBlocks } from './model-blocks.ts'
import { noteBlocks } from './note-blocks.ts'
import {
  facts,
  heading,
  mono,
  muted,
  paragraph,
  type Block,
  type ReportDocument
} from './report-document.ts'
import type { ReportedFigure, ReportedSession } from './reported-session.ts'
import { keptBlocks, settingBlocks, textBlocks } from './run-blocks.ts'
import { momentText } from '../text/moment-text.ts'

/**
 * A session as a document: what was written and found, of which models and texts, then its figures, which may take pages of
 * their own, and how to make all of it again.
 * @param figures in the order in which the report shows them
 */
export function sessionReport(
  session: ReportedSession,
  figures: readonly ReportedFigure[]
): ReportDocument {
  const { name, saved, changed } = session
  const state =
    saved === null
      ? 'never saved'
      : `${changed ? 'changed since it was saved' : 'saved'} ${momentText(saved.at)}, by Lamella ${visibleText(saved.version)}`
  return {
    title: name,
    subtitle: `A session of Lamella, ${state}`,
    blocks: [
      ...section('Notes', noteBlocks(session), 'Nothing was written.'),
      ...section('Findings', findingBlocks(session), 'No finding was kept.'),
      ...section('Models', modelBlocks(session), 'There is no model.'),
      ...section(
        'Texts and edits',
        textBlocks(session),
        'Nothing was run, and nothing has a name.'
      ),
      ...section('Figures', figureBlocks(session, figures), 'There is no figure.'),
      ...section('Settings', settingBlocks(session), 'Nothing is set.'),
      ...section('Numbers', keptBlocks(session), 'No numbers are kept: all are computed again.'),
      ...section('Provenance', provenanceBlocks(session), '')
    ]
  }
}

function section(title: string, blocks: readonly Block[], none: string): Block[] {
  return [heading(1, title), ...(blocks.length === 0 ? [paragraph(muted(none))] : blocks)]
}

function provenanceBlocks(session: ReportedSession): Block[] {
  const { file, saved, version, at, notes, models } = session
  // Where models lie on this machine is nobody else's.
  const told = notes.filter(note => !models.some(({ info }) => note.includes(info.path)))
  return [
    facts([
      ['Session', inItsDirection(visibleText(file))],
      ['Saved', saved && `${momentText(saved.at)} by Lamella ${visibleText(saved.version)}`],
      ['Keeps', saved && keeps[saved.keep]],
      ['This report', `${momentText(at)} by Lamella ${version}`],
      ['Again', [mono(sessionCommandText(file, '--report report.pdf'))]],
      ['Read each number against its checksum', [mono(sessionCommandText(file, '--check'))]],
      ['Compute all of it again', [mono(sessionCommandText(file, '--rerun'))]]
    ]),
    ...told.map(note => paragraph(visibleText(note)))
  ]
}

const keeps = {
  recompute: 'how to compute its numbers again',
  seen: 'the numbers that were looked at',
  everything: 'all numbers that were computed'
} as const
