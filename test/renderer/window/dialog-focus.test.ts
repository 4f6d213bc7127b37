import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import {
  focusFirst,
  giveFocusBack,
  noteFocus
} from '../../../src/renderer/src/window/dialog-focus.ts'

/** An element of a page, as far as is asked of it. */
class Part {
  readonly role: string
  readonly labelledBy: string
  readonly parent: Part | null
  readonly className: string
  isConnected = true
  constructor(role: string, parent: Part | null = null, labelledBy = '', className = role) {
    this.role = role
    this.parent = parent
    this.labelledBy = labelledBy
    this.className = className
  }
  closest(selector: string): Part | null {
    return [`[role=${this.role}]`, `.${this.className}`].includes(selector)
      ? this
      : (this.parent?.closest(selector) ?? null)
  }
  getAttribute(): string {
    return this.labelledBy
  }
  focus(): void {
    page.activeElement = this
  }
}

const body = new Part('body')
const trigger = new Part('trigger', body)
const menu = new Part('menu', body, 'trigger')
const item = new Part('item', menu)
const lower = new Part('menu', body, 'item')
const named = new Map([
  ['trigger', trigger],
  ['item', item]
])
const page = { body, activeElement: body, getElementById: (id: string) => named.get(id) ?? null }

beforeEach(() => {
  page.activeElement = body
  vi.stubGlobal('document', page)
})
afterEach(() => {
  vi.unstubAllGlobals()
})

/** A dialog is opened where something has the focus, and closed when that is gone or not. */
function closedAfter(focused: Part): { has: Part; taken: boolean } {
  page.activeElement = focused
  noteFocus()
  page.activeElement = body
  const event = new Event('close', { cancelable: true })
  giveFocusBack(event)
  return { has: page.activeElement, taken: event.defaultPrevented }
}

it('goes back to what had it before the dialog', () => {
  const button = new Part('button', body)
  expect(closedAfter(button)).toEqual({ has: button, taken: true })
})

it('goes back to what opens the menu that the dialog was opened from, also a level down', () => {
  expect(closedAfter(item).has).toBe(trigger)
  expect(closedAfter(new Part('item', lower)).has).toBe(trigger)
})

it('goes back into a popover, which is no dialog of the window', () => {
  const field = new Part('field', new Part('dialog', body, '', 'popover'))
  expect(closedAfter(field).has).toBe(field)
})

it('goes back to what had it before the dialog whose place another took', () => {
  page.activeElement = item
  noteFocus()
  const field = new Part('field', new Part('dialog', body))
  expect(closedAfter(field).has).toBe(trigger)
})

it('is left to the dialog where nothing had it, or what had it is gone', () => {
  expect(closedAfter(body)).toEqual({ has: body, taken: false })
  const gone = new Part('button', body)
  gone.isConnected = false
  expect(closedAfter(gone)).toEqual({ has: body, taken: false })
})

it.each([
  ['its first field', { form: true, body: true }, 'form'],
  ['its first answer', { form: false, body: true }, 'body'],
  ['nothing that it does not have', { form: false, body: false }, null]
])('goes to %s as a dialog opens', (_, has, where) => {
  let focused: string | null = null
  const event = new Event('open', { cancelable: true })
  const find = (selector: string) => {
    const place = selector.startsWith('form') ? 'form' : 'body'
    return has[place] ? { focus: () => (focused = place) } : null
  }
  Object.defineProperty(event, 'target', { value: { querySelector: find } })
  focusFirst(event)
  expect([focused, event.defaultPrevented]).toEqual([where, where !== null])
})

it('goes where a dialog has put it as it opens', () => {
  const event = new Event('open', { cancelable: true })
  event.preventDefault()
  expect(() => focusFirst(event)).not.toThrow()
})
