import type { PathWish } from '#common/contract/path-wish.ts'

/** What the workbench has done in processes of their own. */
export type ProcessKind = 'engine' | 'reader'

/** What the workbench's process asks of Electron's main process, which alone can start processes and show dialogs. */
export type MainMessage =
  /** The workbench answers: windows may have their ports. */
  | { readonly type: 'ready' }
  | {
      readonly type: 'start-process'
      readonly kind: ProcessKind
      readonly id: number
      /** The one word that it is given. */
      readonly argument: string
    }
  | { readonly type: 'kill-process'; readonly id: number }
  | { readonly type: 'choose'; readonly id: number; readonly wish: PathWish }

/** What main tells the workbench's process. */
export type WorkbenchMessage =
  /** A window wants to call the API; comes with its port. */
  | { readonly type: 'window' }
  /** A process that was asked for; comes with the port to it. */
  | { readonly type: 'process'; readonly id: number }
  | { readonly type: 'process-spawned'; readonly id: number; readonly pid: number | undefined }
  | { readonly type: 'process-exit'; readonly id: number; readonly reason: string }
  /** @param path null when none was chosen */
  | { readonly type: 'chosen'; readonly id: number; readonly path: string | null }
  /** The program ends: close what is open, then exit. */
  | { readonly type: 'close' }
