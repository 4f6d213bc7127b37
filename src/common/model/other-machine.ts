/** Whether a path names another machine, on Windows and in its way of writing: to ask for it tells that one who asks. */
export function isOfAnotherMachine(path: string): boolean {
  return /^[\\/]{2}/.test(path)
}
