import vue from 'eslint-plugin-vue'
import ts from 'typescript'
import tseslint from 'typescript-eslint'

// A component read as its whole file differs from what is linted of it, its script: its types and those of all that it imports
// would be found anew for each.
const readFile = ts.sys.readFile.bind(ts.sys)
ts.sys.readFile = (path, encoding) => {
  const text = readFile(path, encoding)
  return path.endsWith('.vue') && text !== undefined ? scriptOf(text) : text
}

export default tseslint.config(
  { ignores: ['out/', 'dist/', 'node_modules/', 'src/main/onnx/onnx_pb.*'] },
  ...tseslint.configs.recommendedTypeChecked,
  ...vue.configs['flat/recommended'],
  {
    languageOptions: {
      parserOptions: {
        parser: tseslint.parser,
        // One program of all files: in one a folder, the types of what they share are found again for each.
        project: 'tsconfig.lint.json',
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.vue']
      }
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/multi-word-component-names': 'off'
    }
  },
  {
    files: ['src/main/**/*.ts'],
    ignores: [
      'src/main/files/**',
      // What they open they have made themselves, under names that were not there.
      'src/main/engine/exchange.ts',
      'src/main/export/whole-file.ts',
      'src/main/trace/files.ts',
      // What they read is of the program itself.
      'src/main/shell/desktop/scheme.ts',
      'src/main/shell/electron-binary.ts',
      'src/main/shell/paths.ts'
    ],
    rules: {
      'no-restricted-imports': ['error', { paths: ['node:fs', 'node:fs/promises'].map(opening) }]
    }
  },
  // The rules of imports: plain JavaScript of no project.
  { files: ['*.cjs'], ...tseslint.configs.disableTypeChecked }
)

/**
 * The script of a component, as the parser of components passes it on.
 * @param {string} component
 */
function scriptOf(component) {
  return /<script\b[^>]*>(.*?)<\/script>/s.exec(component)?.[1] ?? ''
}

/**
 * What opens files that others wrote stands in one place: a named pipe, opened, is waited for without an end.
 * @param {string} name of the module
 */
function opening(name) {
  return {
    name,
    importNames: [
      'open',
      'openSync',
      'openAsBlob',
      'readFile',
      'readFileSync',
      'createReadStream',
      'copyFile',
      'copyFileSync',
      'cp',
      'cpSync',
      'promises'
    ],
    message: 'Files are opened in src/main/files.'
  }
}
