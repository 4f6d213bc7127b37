import type { Configuration } from 'electron-builder'

/** File types of weights that a double click may open. Linux knows them by their MIME types alone. */
const weights = [
  { ext: 'safetensors', name: 'Safetensors weights', mimeType: 'application/x-safetensors' },
  { ext: 'onnx', name: 'ONNX model', mimeType: 'application/x-onnx' },
  { ext: 'pt', name: 'PyTorch weights', mimeType: 'application/x-pytorch' },
  { ext: 'pth', name: 'PyTorch weights', mimeType: 'application/x-pytorch' }
]

const session = {
  ext: 'lamella',
  name: 'Lamella session',
  mimeType: 'application/x-lamella-session'
}

/**
 * What an installed Lamella is made of: the built program and what its main processes load, in an archive. Native
 * modules, the engine with all that it loads, and the samples lie beside it as files of their own: other programs
 * read them.
 */
export const builderConfig: Configuration = {
  appId: 'org.lamella.lamella',
  productName: 'Lamella',
  artifactName: '${productName}-${version}-${os}-${arch}.${ext}',
  directories: { output: 'dist', buildResources: 'resources' },
  files: [
    'out/**',
    // The command line and `npm start` are not in it.
    '!out/main/{cli,start}.js',
    'resources/{samples/**,example.lamella}',
    '!**/*.{map,md,ts,mts,cts}',
    '!node_modules/better-sqlite3/{deps,src,binding.gyp}',
    '!node_modules/better-sqlite3/prebuilds/!(${platform}-${arch}).node',
    // Of fonts and of what writes PDF files those that are read.
    '!node_modules/@fontsource/*/files/*-{italic,normal}.woff2',
    '!node_modules/@fontsource/*/files/*-italic.woff',
    '!node_modules/computer-modern/fonts/!(cmu-serif-500-roman|cmu-serif-700-roman).ttf',
    '!node_modules/computer-modern/{*.css,fonts/*.woff2}',
    '!node_modules/dejavu-fonts-ttf/ttf/!(DejaVuSans|DejaVuSans-Bold|DejaVuSansMono|DejaVuSansMono-Bold).ttf',
    '!node_modules/pdfkit/js/{pdfkit.browser*,pdfkit.old*,pdfkit.standalone*}',
    '!node_modules/onnxruntime-node/{script,lib}',
    '!node_modules/onnxruntime-node/bin/napi-v6/!(${platform})',
    '!node_modules/onnxruntime-node/bin/napi-v6/${platform}/!(${arch})'
  ],
  asarUnpack: [
    'package.json',
    'out/main/{engine,watch}.js',
    'out/main/chunks/**',
    'resources/{samples/**,example.lamella}',
    'node_modules/{onnxruntime-node,onnxruntime-common,better-sqlite3}/**'
  ],
  extraMetadata: {
    // A deb names a home page. There is none: addresses under .invalid lead nowhere.
    homepage: 'https://lamella.invalid',
    // Windows belong to the entry of the menu that is named so, and have its icon.
    desktopName: 'lamella.desktop'
  },
  // Both native modules bring programs for every system they run on.
  npmRebuild: false,
  electronFuses: {
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false,
    // Apple's processors run no program that was changed after it was signed.
    resetAdHocDarwinSignature: true
  },
  fileAssociations: [
    { ...session, role: 'Editor' },
    ...weights.map(type => ({ ...type, role: 'Viewer' as const, rank: 'Alternate' as const }))
  ],
  linux: {
    target: ['AppImage', 'deb'],
    // Themes of icons have no folder for the other's 1024 pixels.
    icon: 'icon.svg',
    category: 'Science',
    executableName: 'lamella',
    syncDesktopName: true,
    maintainer: 'Lamella'
  },
  // Without its own choice of words an AppImage starts with --no-sandbox from the menu.
  appImage: { executableArgs: [] },
  mac: { target: 'dmg', icon: 'icon.png', category: 'public.app-category.developer-tools' },
  win: { target: 'nsis', icon: 'icon.png' }
}
