import { z } from 'zod'
import { colorMaps } from '#common/figure/color-table.ts'
import { firstTokens } from '#common/analysis/first-token.ts'
import { poolings } from '#common/analysis/pool.ts'
import { valueScales } from '#common/figure/value-scale.ts'
import { SessionWindow } from '#common/contract/session-window.ts'
import {
  comparisons,
  defaultSettings,
  digitCounts,
  directions,
  rangeModes,
  themes
} from './settings.ts'
import { ChosenModel } from '#common/model/chosen-model.ts'
import { Json } from '#common/model/json.ts'
import { or, those } from '#common/model/lenient.ts'
import { PastRun } from '#common/model/library.ts'
import { ModelMove } from '#common/model/model-ref.ts'
import { Note } from '#common/model/session.ts'
import { explorers } from './window.ts'
import { migrated } from './workspace-migration.ts'

const Panel = (open: boolean, width: number) =>
  or(z.object({ open: z.boolean(), width: z.number().min(120).max(800) }), { open, width })

/** The window as it is saved: the session as it is now, which file it is of, and how the window is set. */
export const WorkspaceState = SessionWindow.extend({
  /** Null for one that was never saved. */
  file: or(
    z
      .object({
        path: z.string().min(1),
        savedAt: z.number(),
        moves: those(ModelMove),
        forgotten: those(PastRun),
        notes: those(z.string())
      })
      .nullable(),
    null
  ),
  /** Whether the session differs from what is saved of it. */
  changed: or(z.boolean(), false),
  /** When the session was begun or opened: what was run before is of others. Milliseconds since 1970. */
  began: or(z.number(), 0),
  /** Keys of what has a name and was made or changed since then; none where an earlier version saved it. */
  made: those(z.string()),
  notes: those(Note),
  findings: those(Json),
  figures: those(Json),
  /** Of its models, as they were open last, by their paths. */
  fingerprints: or(z.record(z.string(), z.string()), {}),
  /** So their ids, which the files beside the weights are part of, such as the tokenizer's. */
  ids: or(z.record(z.string(), z.string()), {}),
  /** Which models the window was of, and how. */
  chosen: or(z.record(z.string(), ChosenModel), {}),
  /** Which notes on the reading of models were looked at, by their fingerprints. */
  knownNotes: or(z.record(z.string(), those(z.string())), {}),
  /** Marks of the runs that have a colour, in the order of their colours. */
  dots: those(z.string()),
  settings: or(
    z.object({
      theme: or(z.enum(themes), defaultSettings.theme),
      direction: or(z.enum(directions), defaultSettings.direction),
      digits: or(z.enum(digitCounts), defaultSettings.digits),
      colorMap: or(z.enum(colorMaps), defaultSettings.colorMap),
      scale: or(z.enum(valueScales), defaultSettings.scale),
      range: or(z.enum(rangeModes), defaultSettings.range),
      pooling: or(z.enum(poolings), defaultSettings.pooling),
      firstToken: or(z.enum(firstTokens), defaultSettings.firstToken),
      comparison: or(z.enum(comparisons), defaultSettings.comparison),
      hints: those(z.string())
    }),
    { ...defaultSettings, hints: [] }
  ),
  panels: or(
    z.object({
      left: Panel(false, 224),
      explorer: or(z.enum(explorers), 'models'),
      right: Panel(true, 216),
      gridShare: or(z.number().min(0.1).max(0.9).nullable(), null)
    }),
    {
      left: { open: false, width: 224 },
      explorer: 'models',
      right: { open: true, width: 216 },
      gridShare: null
    }
  )
})
export type WorkspaceState = z.output<typeof WorkspaceState>

/** A saved arrangement, of this version or an earlier one; null when there is none or it is of a later one. */
export function parseWorkspace(saved: unknown): WorkspaceState | null {
  const parsed = WorkspaceState.safeParse(migrated(saved))
  return parsed.success ? parsed.data : null
}
