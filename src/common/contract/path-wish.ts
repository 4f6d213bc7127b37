/** What the system's own dialog is to ask for: a model's folder, any folder, a session to open, or where to save one. */
export type PathWish =
  | { readonly what: 'model' | 'folder' }
  | { readonly what: 'session' }
  | { readonly what: 'save'; readonly suggested: string }
