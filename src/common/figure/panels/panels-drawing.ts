import type { KeptDrawing } from '../drawing.ts'
import type { OpenedPanel } from './drawn-panels.ts'
import { panelLetter } from './panel-letter.ts'
import type { SessionFigure } from './session-figure.ts'

/** Panels of a page one beside the other, each after its letter: those that can be drawn. */
export function panelsDrawing(
  { lettering }: Pick<SessionFigure, 'lettering'>,
  panels: readonly OpenedPanel[]
): KeptDrawing {
  const all = panels.flatMap(({ drawing, title }, i) => {
    const kept = typeof drawing === 'string' ? null : drawing.kept()
    const name = `${panelLetter(i, lettering)} ${title}`.trim()
    return (kept?.parts ?? []).map(part => ({ part, name }))
  })
  return { parts: all.map(({ part }) => part), names: all.map(({ name }) => name) }
}
