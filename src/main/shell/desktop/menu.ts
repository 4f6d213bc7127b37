import { BrowserWindow, Menu, type MenuItemConstructorOptions } from 'electron'
import { commandChannel, type MenuCommand } from '#common/contract/desktop.ts'

/** The application menu. What the window can do is shown with its keys, which the window itself hears. */
export function applicationMenu(platform: NodeJS.Platform = process.platform): Menu {
  const mac = platform === 'darwin'
  const settings = command('Settings…', 'settings', 'CmdOrCtrl+,')
  const template: MenuItemConstructorOptions[] = [
    ...(mac ? [appMenu(settings)] : []),
    {
      label: 'File',
      submenu: [
        command('New session', 'session.new'),
        command('Open a session…', 'session.open', 'Shift+CmdOrCtrl+O'),
        command('Open a model…', 'model.open', 'CmdOrCtrl+O'),
        { type: 'separator' },
        command('Save', 'session.save', 'CmdOrCtrl+S'),
        command('Save as…', 'session.save-as', 'Shift+CmdOrCtrl+S'),
        { type: 'separator' },
        command('Run the text', 'run.start', 'CmdOrCtrl+Enter'),
        command('Close the tab', 'tab.close', 'CmdOrCtrl+W'),
        ...(mac
          ? []
          : [
              { type: 'separator' } as const,
              settings,
              { type: 'separator' } as const,
              { role: 'quit' } as const
            ])
      ]
    },
    {
      label: 'Edit',
      submenu: [
        command('Undo', 'session.undo', 'CmdOrCtrl+Z'),
        command('Redo', 'session.redo', 'Shift+CmdOrCtrl+Z'),
        { type: 'separator' },
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'delete' },
        { type: 'separator' },
        { role: 'selectAll' }
      ]
    },
    {
      label: 'View',
      submenu: [
        command('All commands', 'palette', 'CmdOrCtrl+K'),
        command('Models', 'panel.left', 'CmdOrCtrl+B'),
        command('Inspector', 'panel.right', 'CmdOrCtrl+I'),
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        { type: 'separator' },
        { role: 'toggleDevTools' }
      ]
    },
    {
      role: 'help',
      submenu: [
        command('List of keys', 'keys', 'Shift+/'),
        command('First hints', 'hints'),
        command('Third-party notices', 'notices'),
        ...(mac ? [] : [{ role: 'about' } as const])
      ]
    }
  ]
  return Menu.buildFromTemplate(template)
}

/** macOS's own, with the settings where they stand there. */
function appMenu(settings: MenuItemConstructorOptions): MenuItemConstructorOptions {
  return {
    role: 'appMenu',
    submenu: [
      { role: 'about' },
      { type: 'separator' },
      settings,
      { type: 'separator' },
      { role: 'services' },
      { type: 'separator' },
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      { type: 'separator' },
      { role: 'quit' }
    ]
  }
}

function command(
  label: string,
  name: MenuCommand,
  accelerator?: string
): MenuItemConstructorOptions {
  return {
    label,
    click: () => {
      const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0]
      window?.webContents.send(commandChannel, name)
    },
    // Shown only: the window hears the key itself, also in the browser shell.
    ...(accelerator === undefined ? {} : { accelerator, registerAccelerator: false })
  }
}
