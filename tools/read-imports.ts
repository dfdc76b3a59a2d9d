import { parseSync, Visitor } from 'oxc-parser'

/** One import, re-export, dynamic import, `require` or type import of a file. */
export type Import = { specifier: string; line: number; typeOnly: boolean; names: string[] }

/** A use of the clock or of chance that was not passed in, e.g. `Date.now`. */
export type ImpureUse = { what: string; line: number }

export type SourceFacts = { imports: Import[]; impureUses: ImpureUse[] }

const impureMembers: Record<string, readonly string[]> = {
  Date: ['now'],
  performance: ['now', 'timeOrigin'],
  Math: ['random'],
  crypto: ['randomUUID', 'getRandomValues'],
}

const anythingUnknown = 'an import whose target is computed'

/**
 * Reads what a TypeScript file imports and where it reaches for the clock or for chance.
 * @throws SyntaxError when the file cannot be parsed
 */
export function readSource(file: string, text: string): SourceFacts {
  const parsed = parseSync(file, text)
  const [problem] = parsed.errors
  if (problem) throw new SyntaxError(`${file}: ${problem.message}`)

  const lineAt = (offset: number) => text.slice(0, offset).split('\n').length
  const imports: Import[] = []
  const impureUses: ImpureUse[] = []
  const add = (node: { start: number }, specifier: unknown, typeOnly: boolean, names: string[] = []) =>
    imports.push({
      specifier: typeof specifier === 'string' ? specifier : anythingUnknown,
      line: lineAt(node.start),
      typeOnly,
      names,
    })
  const impure = (node: { start: number }, what: string) =>
    impureUses.push({ what, line: lineAt(node.start) })

  new Visitor({
    ImportDeclaration(node) {
      const values = node.specifiers.filter(
        (each) => !(each.type === 'ImportSpecifier' && each.importKind === 'type'),
      )
      const typeOnly = node.importKind === 'type' || (node.specifiers.length > 0 && values.length === 0)
      const names = values.map((each) =>
        each.type === 'ImportSpecifier' && each.imported.type === 'Identifier' ? each.imported.name : '*',
      )
      add(node, node.source.value, typeOnly, names)
    },
    ExportNamedDeclaration(node) {
      if (!node.source) return
      const allTypes =
        node.specifiers.length > 0 && node.specifiers.every((each) => each.exportKind === 'type')
      add(node, node.source.value, node.exportKind === 'type' || allTypes, ['*'])
    },
    ExportAllDeclaration(node) {
      add(node, node.source.value, node.exportKind === 'type', ['*'])
    },
    ImportExpression(node) {
      add(node, node.source.type === 'Literal' ? node.source.value : null, false, ['*'])
    },
    TSImportType(node) {
      add(node, node.source.value, true)
    },
    TSImportEqualsDeclaration(node) {
      if (node.moduleReference.type === 'TSExternalModuleReference') {
        add(node, node.moduleReference.expression.value, node.importKind === 'type', ['*'])
      }
    },
    CallExpression(node) {
      if (node.callee.type !== 'Identifier') return
      if (node.callee.name === 'Date') impure(node, 'Date()')
      const [first] = node.arguments
      if (node.callee.name === 'require')
        add(node, first?.type === 'Literal' ? first.value : null, false, ['*'])
    },
    NewExpression(node) {
      if (node.callee.type === 'Identifier' && node.callee.name === 'Date' && node.arguments.length === 0) {
        impure(node, 'new Date()')
      }
    },
    MemberExpression(node) {
      if (node.object.type !== 'Identifier' || node.property.type !== 'Identifier' || node.computed) return
      const { name } = node.property
      if (Object.hasOwn(impureMembers, node.object.name) && impureMembers[node.object.name]?.includes(name)) {
        impure(node, `${node.object.name}.${name}`)
      }
    },
  }).visit(parsed.program)
  return { imports, impureUses }
}
