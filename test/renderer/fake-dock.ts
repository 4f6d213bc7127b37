import { useTabs } from '../../src/renderer/src/stores/tabs.ts'

/** Has the tabs stand in a dock that would write one layout, and is told of those that it should take. */
export function attachDock(layout: () => unknown, taken: (next: unknown) => void): void {
  useTabs().attach({
    onDidRemovePanel: () => undefined,
    onDidActivePanelChange: () => undefined,
    onDidLayoutChange: () => undefined,
    fromJSON: taken,
    toJSON: layout,
    getPanel: () => ({ api: { setActive: () => undefined } }),
    clear: () => undefined
  } as never)
}
