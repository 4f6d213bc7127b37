import { useFocus } from '../../stores/focus.ts'
import { addNote } from '../../stores/notes.ts'
import { refOf } from '../../stores/runs.ts'
import { useSession } from '../../stores/session.ts'
import { useTabs } from '../../stores/tabs.ts'
import { useWindow } from '../../stores/window.ts'
import { useWorkspace } from '../../stores/workspace.ts'
import type { Command } from '../command.ts'
import { tabTitle } from '../tab-title.ts'
import { askForSession } from '../session/choose-session.ts'
import { useDocument } from '../session/document.ts'
import { sessionsToOpen } from '../session/other-sessions.ts'
import { saveReport } from '../session/save-report.ts'
import { useUndo } from '../session/undo.ts'

/** The session as a file, and taking back what was done to it. */
export function sessionCommands(): Command[] {
  const panels = useWindow()
  const document = useDocument()
  const undo = useUndo()
  /** What was done before the window was loaded anew is known once it is as it was left, and what a step leaves once it is taken. */
  const mayBe = (step: unknown) => step !== null || undo.busy || !useWorkspace().ready
  const { tab, subject } = useFocus()
  const group = 'Session'
  const free = () => panels.dialog === null || panels.dialog === 'palette'
  return [
    {
      id: 'session.new',
      group,
      title: 'New session',
      run: () => void document.startNew()
    },
    {
      id: 'session.open',
      group,
      title: 'Open a session…',
      keys: ['Mod+Shift+O'],
      run: () => void askForSession()
    },
    {
      id: 'session.save',
      group,
      title: 'Save the session',
      keys: ['Mod+S'],
      run: () => void document.saveOrAsk()
    },
    {
      id: 'session.save-as',
      group,
      title: 'Save the session as…',
      keys: ['Mod+Shift+S'],
      run: () => (panels.dialog = 'save')
    },
    {
      id: 'session.report-pdf',
      group,
      title: 'Save a report of the session as PDF',
      run: () => void saveReport('pdf')
    },
    {
      id: 'session.report-html',
      group,
      title: 'Save a report of the session as a page (HTML)',
      run: () => void saveReport('html')
    },
    {
      id: 'session.retry',
      group,
      title: 'Look whether the session is free now',
      words: 'Look whether it is free now',
      enabled: () => useSession().file?.readOnly != null,
      run: () => void useDocument().lookWhetherFree()
    },
    {
      id: 'note.tab',
      group,
      title: 'Add a note to the tab',
      words: tab ? `This tab: ${tabTitle(tab)}` : '',
      enabled: () => useTabs().activeId !== null,
      run() {
        panels.show('right', true)
        addNote({ tab: useTabs().activeId! }, 'inspector')
      }
    },
    {
      id: 'note.head',
      group,
      title: `Add a note to head ${subject.layer}.${subject.head}`,
      enabled: () => subject.model?.config != null,
      run() {
        const { model, layer, head } = subject
        panels.show('right', true)
        addNote({ model: refOf(model!), at: { layer, head } }, 'inspector')
      }
    },
    {
      id: 'note.session',
      group,
      title: 'Add a note to the session',
      run() {
        panels.show('right', true)
        addNote(null, 'inspector')
      }
    },
    {
      id: 'session.undo',
      group,
      name: 'Undo',
      title: undo.last ? `Undo: ${undo.last.label}` : 'Undo',
      keys: ['Mod+Z'],
      ownInFields: true,
      enabled: () => free() && mayBe(undo.last),
      run: () => void undo.undo()
    },
    {
      id: 'session.redo',
      group,
      name: 'Redo',
      title: undo.next ? `Redo: ${undo.next.label}` : 'Redo',
      keys: ['Mod+Shift+Z', 'Mod+Y'],
      ownInFields: true,
      enabled: () => free() && mayBe(undo.next),
      run: () => void undo.redo()
    },
    ...sessionsToOpen().map(({ name, path }) => ({
      id: `session.recent ${path}`,
      group,
      title: `Open the session “${name}”`,
      run: () => void document.open(path)
    }))
  ]
}
