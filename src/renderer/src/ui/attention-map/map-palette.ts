/** The theme's colours and font as a canvas takes them. */
export interface Palette {
  readonly text: string
  readonly faint: string
  readonly accent: string
  readonly band: string
  /** Behind the label of a special token. */
  readonly pill: string
  readonly line: string
  readonly font: string
}

/** The colours that hold where an element stands. */
export function paletteOf(element: Element): Palette {
  const style = getComputedStyle(element)
  const token = (name: string) => style.getPropertyValue(name).trim()
  return {
    text: token('--text'),
    faint: token('--text-muted'),
    accent: token('--accent-text'),
    band: token('--band'),
    pill: token('--surface-selected'),
    line: token('--border-strong'),
    font: token('--font-mono')
  }
}
