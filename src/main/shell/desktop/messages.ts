/** What the workbench's process asks of Electron's main process, which alone can start processes and show dialogs. */
export type MainMessage =
  /** The workbench answers: windows may have their ports. */
  | { readonly type: 'ready' }
  /** @param exchange the folder through which the engine's large tensors cross; empty where there is none */
  | { readonly type: 'start-engine'; readonly id: number; readonly exchange: string }
  | { readonly type: 'kill-engine'; readonly id: number }
  | { readonly type: 'choose-folder'; readonly id: number }

/** What main tells the workbench's process. */
export type WorkbenchMessage =
  /** A window wants to call the API; comes with its port. */
  | { readonly type: 'window' }
  /** An engine that was asked for; comes with the port to it. */
  | { readonly type: 'engine'; readonly id: number }
  | { readonly type: 'engine-spawned'; readonly id: number; readonly pid: number | undefined }
  | { readonly type: 'engine-exit'; readonly id: number; readonly reason: string }
  /** @param path null when none was chosen */
  | { readonly type: 'folder'; readonly id: number; readonly path: string | null }
  /** The program ends: close what is open, then exit. */
  | { readonly type: 'close' }
