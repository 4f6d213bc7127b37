import { app, type Session } from 'electron'

/** Keeps every page where it is: no navigation away, no new windows, no webviews. */
export function denyWandering(origin: string): void {
  app.on('web-contents-created', (_event, contents) => {
    const stay = (event: { readonly url: string; preventDefault(): void }) => {
      if (!event.url.startsWith(`${origin}/`)) event.preventDefault()
    }
    contents.on('will-navigate', stay)
    contents.on('will-frame-navigate', stay)
    contents.on('will-redirect', stay)
    contents.on('will-attach-webview', event => event.preventDefault())
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  })
}

/** Grants pages nothing but writing what the user copies. */
export function denyPermissions(session: Session): void {
  const granted = 'clipboard-sanitized-write'
  session.setPermissionRequestHandler((_contents, permission, answer) =>
    answer(permission === granted)
  )
  session.setPermissionCheckHandler((_contents, permission) => permission === granted)
  session.setDevicePermissionHandler(() => false)
  session.setDisplayMediaRequestHandler((_request, answer) => answer(null))
}
