/** What the desktop's menu asks of the window: ids of the window's own commands. */
export const menuCommands = [
  'model.open',
  'run.start',
  'session.new',
  'session.open',
  'session.save',
  'session.save-as',
  'session.undo',
  'session.redo',
  'tab.close',
  'settings',
  'palette',
  'panel.left',
  'panel.right',
  'keys',
  'hints',
  'notices'
] as const
export type MenuCommand = (typeof menuCommands)[number]

/** What the preload adds to the desktop's window, under the name `lamella`. */
export interface DesktopBridge {
  /** Asks for a MessagePort to the workbench; it arrives as a message event whose data is `portMessage`. */
  connect(): void
  onCommand(listener: (command: MenuCommand) => void): void
  /** Tells of each path that the system asks the program to open, also of those before. */
  onOpen(listener: (path: string) => void): void
  /** Where a file that was dropped onto the window lies; empty for one that is not on the disk. */
  pathOf(file: object): string
}

/** Channels between the desktop shell and its preload. */
export const connectChannel = 'lamella:connect'
export const portChannel = 'lamella:port'
export const commandChannel = 'lamella:command'
/** The window says that it hears what is to be opened, and is told. */
export const openedChannel = 'lamella:opened'
export const openChannel = 'lamella:open'

/** Data of the window's message event that carries the port. */
export const portMessage = 'lamella:port'
