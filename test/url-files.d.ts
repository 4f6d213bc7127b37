/** Files by their addresses, as the window's build gives them. */
declare module '*?url' {
  const url: string
  export default url
}
