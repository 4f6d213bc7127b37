import { onBeforeUnmount, onMounted, watch } from 'vue'
import { useWindow } from '../stores/window.ts'
import { commands, runCommand } from './commands.ts'
import { openFile } from './open-file.ts'
import { takePresent } from './open-model.ts'
import { onMac, parseKeys, pressed } from './keys.ts'

/** Selects all of a text; the window is no text. */
const everything = parseKeys('Mod+a')

/** Runs commands by their keys, wherever in the window the focus is, from the desktop's menu and as views ask. */
export function useKeyboard(): void {
  const panels = useWindow()

  function onKey(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing) return
    if (event.key === 'Escape' && (covered || isFilledSearch(event.target))) return
    if (event.key === 'Escape' && panels.over !== null && panels.dialog === null) {
      event.preventDefault()
      panels.over = null
      return
    }
    const typing = isTextField(event.target)
    for (const command of commands()) {
      const chord = command.keys?.map(parseKeys).find(chord => pressed(chord, event, onMac))
      if (!chord) continue
      if (chord.key.startsWith('Arrow') && !chord.alt && !isIdle(event.target)) continue
      if (typing && !chord.mod && !chord.alt && !command.whileTyping) continue
      if (panels.dialog !== null && !chord.mod) continue
      if (command.ownInFields && writesText(event.target)) return
      if (command.enabled?.() === false) {
        // Else the browser takes back what was typed in a field that is left, over what stands there now.
        if (command.ownInFields) event.preventDefault()
        continue
      }
      event.preventDefault()
      // A menu is of the tab that it was opened in, and has lost its place once another is shown.
      if (panels.dialog === null && (chord.mod || chord.alt) && closeMenu())
        setTimeout(() => command.run())
      else command.run()
      return
    }
    if (!typing && pressed(everything, event, onMac)) event.preventDefault()
  }

  /** A menu or a list lies over the window as a key is pressed: Esc closes it, and nothing else. */
  let covered = false

  /** Comes before all others. Tabs and lists move by arrows whatever else is pressed; with Alt they are ours. */
  function onFirst(event: KeyboardEvent): void {
    covered = document.querySelector('[data-dismissable-layer]') !== null
    if (!event.altKey || !/^Arrow(Left|Right)$/.test(event.key)) return
    onKey(event)
    if (event.defaultPrevented) event.stopPropagation()
  }

  watch(
    () => panels.requested,
    request => {
      if (request) runCommand(request.id)
    }
  )
  watch(
    () => panels.presentWanted,
    model => {
      if (model) void takePresent(model)
      panels.presentWanted = null
    }
  )
  onMounted(() => {
    window.addEventListener('keydown', onFirst, true)
    window.addEventListener('keydown', onKey)
    window.lamella?.onCommand(fromMenu)
    window.lamella?.onOpen(path => void openFile(path))
  })
  onBeforeUnmount(() => {
    window.removeEventListener('keydown', onFirst, true)
    window.removeEventListener('keydown', onKey)
  })
}

/** Closes the menu that lies open, by its own key. @returns whether there was one */
function closeMenu(): boolean {
  const menu = document.querySelector('[data-dismissable-layer]:is([role=menu], [role=listbox])')
  menu?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))
  return menu !== null
}

/** Whether what is typed goes into a text, which has an undo of its own. */
function writesText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLInputElement)) return isTextField(target)
  return !['checkbox', 'radio', 'range', 'button'].includes(target.type)
}

/** What the desktop's menu asks for; of a text that has the cursor its own. */
function fromMenu(id: string): void {
  const command = commands().find(command => command.id === id)
  if (!command?.ownInFields || !writesText(document.activeElement)) runCommand(id)
  // There is no other way to a field's own undo.
  else document.execCommand(id === 'session.undo' ? 'undo' : 'redo')
}

/** Where arrow keys have no meaning of their own. */
function isIdle(target: EventTarget | null): boolean {
  return target === document.body || target instanceof HTMLButtonElement
}

/** A search that holds something is emptied by Esc, which stops nothing that runs. */
function isFilledSearch(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement && target.type === 'search' && target.value !== ''
}

function isTextField(target: EventTarget | null): boolean {
  if (target instanceof HTMLTextAreaElement) return true
  if (target instanceof HTMLInputElement) return true
  return target instanceof HTMLElement && target.isContentEditable
}
