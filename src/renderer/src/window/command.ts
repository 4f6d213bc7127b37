/** Something the window can do on request: in the palette, by keys, from a button. */
export interface Command {
  readonly id: string
  readonly title: string
  readonly group: string
  readonly keys?: readonly string[]
  /** Works while a text field has the cursor even without a modifier key. */
  readonly whileTyping?: boolean
  enabled?(): boolean
  run(): void
}
