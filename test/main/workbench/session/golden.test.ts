import { cpSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parseSessionWindow } from '#common/contract/session-window.ts'
import { panelContent } from '#common/figure/panels/panel-content.ts'
import { sessionFigures } from '#common/figure/panels/session-figure.ts'
import { keptFindings } from '#common/analysis/head-atlas/kept-finding.ts'
import { LibraryItem } from '#common/model/library.ts'
import type { SessionContent } from '#common/model/session.ts'
import { projectRoot, startWorkbench, uncancelled } from '../../../golden/workbench.ts'

const golden = join(projectRoot, 'test/main/session/golden')

// As Lamella of November 2026 wrote it, with one of each kind of part. It is never written anew.
it('a session of November 2026 opens for ever, with all that was in it', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'lamella-golden-')), 'full.lamella')
  cpSync(join(golden, 'full-1.lamella'), path)
  const workbench = await startWorkbench()
  const { handlers } = workbench
  try {
    const { id, content, models, notes, saved } = await handlers['sessions.open'](
      { path },
      uncancelled()
    )
    const wanted = JSON.parse(readFileSync(join(golden, 'full-1.json'), 'utf8')) as SessionContent
    expect(content).toEqual(wanted)
    expect([notes, saved.version, saved.keep]).toEqual([[], '0.1.0', 'seen'])
    expect(models).toMatchObject([{ name: 'gone', state: 'missing', formerly: ['f0'] }])
    const window = parseSessionWindow(content.window)
    expect(window?.tabs.map(({ type }) => type)).toEqual(['attention', 'figure'])
    expect(window?.groups).toMatchObject([{ name: 'A', layer: 3, head: 2 }])
    const kinds = content.library.map(item => LibraryItem.parse(item).kind)
    expect(new Set(kinds)).toEqual(new Set(['text', 'pair', 'corpus', 'edits']))
    expect(kinds).toHaveLength(7)
    expect(keptFindings(content.findings).map(({ holds }) => holds)).toEqual([true, false])
    const [figure] = sessionFigures(content.figures)
    const [map] = figure!.panels
    expect((await panelContent(map!.content)).drawing.parts[0]!.kind).toBe('attention-map')

    // The model that is gone is stood in for by what was kept of it.
    const { ref } = models[0]!
    const info = await handlers['models.open']({ path: ref.path }, uncancelled())
    expect(info).toMatchObject({ absent: 'missing', fingerprint: ref.fingerprint })
    const kept = await handlers['sessions.kept']({ id }, uncancelled())
    const [{ source, tokens, values }] = kept.runs as [(typeof kept.runs)[number]]
    expect([tokens, values.map(({ hook }) => hook)]).toEqual([
      51,
      ['blocks.0.attn.hook_pattern', 'blocks.1.attn.hook_pattern']
    ])
    const run = await handlers['runs.start']({ source }, uncancelled())
    const asked = { runId: run.id, hook: values[0]!.hook, index: 3, exact: false }
    const { shape, data } = await handlers['runs.value'](asked, uncancelled())
    expect(shape.at(-1)).toBe(51)
    // A query's weights add up to one.
    expect(data.slice(50 * 51, 51 * 51).reduce((sum, own) => sum + own, 0)).toBeCloseTo(1, 2)
    expect(kept.results.map(({ request }) => request.name)).toEqual(['head-scores', 'predictions'])
    for (const { request } of kept.results) {
      const { variables } = await handlers['analysis.run'](request, uncancelled())
      expect(Object.keys(variables).length).toBeGreaterThan(1)
    }
  } finally {
    await workbench.close()
  }
})
