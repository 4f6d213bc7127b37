import { useWindow } from '../../stores/window.ts'
import type { Command } from '../command.ts'
import { useUndo } from '../session/undo.ts'

/** Taking back what was done to the session, and doing it again. */
export function sessionCommands(): Command[] {
  const panels = useWindow()
  const undo = useUndo()
  const group = 'Session'
  const free = () => panels.dialog === null || panels.dialog === 'palette'
  return [
    {
      id: 'session.undo',
      group,
      name: 'Undo',
      title: undo.last ? `Undo: ${undo.last.label}` : 'Undo',
      keys: ['Mod+Z'],
      ownInFields: true,
      enabled: () => free() && undo.last !== null,
      run: () => void undo.undo()
    },
    {
      id: 'session.redo',
      group,
      name: 'Redo',
      title: undo.next ? `Redo: ${undo.next.label}` : 'Redo',
      keys: ['Mod+Shift+Z', 'Mod+Y'],
      ownInFields: true,
      enabled: () => free() && undo.next !== null,
      run: () => void undo.redo()
    }
  ]
}
