import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { keepingFocus } from '../../../src/renderer/src/ui/keeping-focus.ts'

/** An element of a page, as far as is asked of it: its name is its class, or in brackets what it does as a button. */
class Part {
  readonly name: string
  parentElement: Part | null = null
  children: Part[]
  constructor(name: string, ...children: Part[]) {
    this.name = name
    this.children = children
    for (const child of children) child.parentElement = this
  }
  get isConnected(): boolean {
    return this === page.body || (this.parentElement?.isConnected ?? false)
  }
  get nextElementSibling(): Part | null {
    return this.beside(1)
  }
  get previousElementSibling(): Part | null {
    return this.beside(-1)
  }
  matches(selector: string): boolean {
    if (selector.includes('button')) return this.name.startsWith('[')
    if (selector === '[data-takes-focus]') return this.name === 'heading'
    return selector.split(' ').at(-1) === `.${this.name}`
  }
  closest(selector: string): Part | null {
    return this.matches(selector) ? this : (this.parentElement?.closest(selector) ?? null)
  }
  querySelector(selector: string): Part | null {
    for (const child of this.children) {
      const found = child.matches(selector) ? child : child.querySelector(selector)
      if (found) return found
    }
    return null
  }
  focus(): void {
    page.activeElement = this
  }
  add(child: Part): void {
    this.children = [...this.children, child]
    child.parentElement = this
  }
  remove(): void {
    if (this.holds(page.activeElement)) page.activeElement = page.body
    this.parentElement!.children = this.parentElement!.children.filter(other => other !== this)
    this.parentElement = null
  }
  holds(other: Part | null): boolean {
    return other !== null && (other === this || this.holds(other.parentElement))
  }
  beside(by: 1 | -1): Part | null {
    const all = this.parentElement?.children ?? []
    return all[all.indexOf(this) + by] ?? null
  }
}

const page = { body: new Part('body'), activeElement: new Part('none') }
const tab = new Part('dv-active-tab')
let list: Part
let lines: Part[]

beforeEach(() => {
  lines = [1, 2].map(() => new Part('line', new Part('[go]'), new Part('own'), new Part('field')))
  const header = new Part('header', new Part('[add]'), new Part('heading'))
  list = new Part('list', header, ...lines)
  page.body = new Part(
    'body',
    new Part('section', list),
    new Part('footer', new Part('[after]')),
    new Part('tabs', tab)
  )
  page.activeElement = page.body
  vi.stubGlobal('document', page)
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const field = (line: number) => lines[line]!.children[2]!
const own = (line: number) => lines[line]!.children[1]
const keeping = (act: () => void) => keepingFocus('.line', '.own', act)

it('stays in the line that what had it is taken from', async () => {
  field(0).focus()
  await keeping(() => field(0).remove())
  expect(page.activeElement).toBe(own(0))
})

it('comes to the line after the one that is taken away', async () => {
  field(0).focus()
  await keeping(() => lines[0]!.remove())
  expect(page.activeElement).toBe(own(1))
})

it('comes to the line before the last one, else to what takes that back', async () => {
  field(1).focus()
  await keeping(() => lines[1]!.remove())
  expect(page.activeElement).toBe(own(0))
  await keeping(() => {
    lines[0]!.remove()
    list.add(new Part('p', new Part('undo')))
  })
  expect(page.activeElement.name).toBe('undo')
})

it('comes to the heading where nothing takes it back, and to no button that makes something', async () => {
  lines[1]!.remove()
  field(0).focus()
  await keeping(() => lines[0]!.remove())
  expect(page.activeElement.name).toBe('heading')
})

it('comes to what stands around the list where nothing is left in it, at last to the tab', async () => {
  for (const other of list.children) if (other !== lines[0]) other.remove()
  field(0).focus()
  await keeping(() => lines[0]!.remove())
  expect(page.activeElement).toBe(tab)
})

it('comes to what stands in the place of the list', async () => {
  field(0).focus()
  const section = list.parentElement!
  await keeping(() => {
    list.remove()
    section.add(new Part('heading'))
  })
  expect(page.activeElement.name).toBe('heading')
})

it('comes to the tab rather than to what is marked elsewhere', async () => {
  list.remove()
  const notice = new Part('line', new Part('field'))
  page.body.add(notice)
  page.body.add(new Part('panel', new Part('heading')))
  notice.children[0]!.focus()
  await keeping(() => notice.remove())
  expect(page.activeElement).toBe(tab)
})

it('waits for what takes its time, and is of the line itself where that is asked for', async () => {
  field(0).focus()
  await keepingFocus('.line', '.line', async () => {
    await Promise.resolve()
    lines[0]!.remove()
  })
  expect(page.activeElement).toBe(lines[1])
})

it('is taken from nothing else', async () => {
  const other = page.body.querySelector('button')!
  other.focus()
  await keeping(() => lines[0]!.remove())
  expect(page.activeElement).toBe(other)
  field(1).focus()
  await keeping(() => {
    lines[1]!.remove()
    other.focus()
  })
  expect(page.activeElement).toBe(other)
})

it('comes nowhere where it was nowhere', async () => {
  await keeping(() => lines[0]!.remove())
  expect(page.activeElement).toBe(page.body)
})
