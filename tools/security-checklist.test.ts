import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const root = path.resolve(import.meta.dirname, '..')
const page = readFileSync(path.join(root, 'docs/security.md'), 'utf8')
const folders = ['app', 'components', 'docs', 'e2e', 'prisma', 'server', 'tools']
const files = [
  ...folders.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map(
      (file) => `${folder}/${file}`,
    ),
  ),
  ...readdirSync(root),
]

/** Sections whose files are those of signing in, unless a path is given. */
const ofSignIn = new Set(['V6', 'V7', 'V10'])

/** Each line with the section that it stands in. */
const lines = (() => {
  let section = ''
  return page.split('\n').map((text) => {
    section = /^## (\S+)/.exec(text)?.[1] ?? section
    return { section, text }
  })
})()

const isFile = (code: string) => /^[\w@./*-]+\.(ts|tsx|md)$/.test(code) && !code.startsWith('/')
const isFolder = (code: string) => /^[a-z][\w./-]*\/[\w-]*\/?$/.test(code) && code.includes('/')
const codes = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code)

/** What the page calls a file: its path, the end of its path, or in the sections of signing in what is below server/auth. */
function found(name: string, section: string): string[] {
  const wanted = name.replace(/\/$/, '')
  if (wanted.includes('*')) {
    const [before = '', after = ''] = wanted.split('*')
    return files.filter((file) => file.startsWith(before) && file.endsWith(after)).slice(0, 1)
  }
  if (files.includes(wanted)) return [wanted]
  const own = files.filter((file) => file === `server/auth/${wanted}`)
  if (ofSignIn.has(section) && own.length > 0) return own
  return files.filter((file) => file.endsWith(`/${wanted}`))
}

/** What is quoted behind a file, "›" before each title; titles of one file stand behind one another. */
function quoted({
  text,
  section,
}: (typeof lines)[number]): { file: string; title: string; section: string }[] {
  return [...text.matchAll(/`([^`]+)`((?:[^`|]*›[^`|]*)+)/g)].flatMap(([, file = '', behind = '']) =>
    behind
      .split('›')
      .slice(1)
      .map((title) => ({
        file,
        section,
        title: title
          .replace(/\([^)]*\)\s*$/, '')
          .replace(/[;,\s]+$/, '')
          .trim(),
      })),
  )
}

/** Whole, or two titles with ";" between them; "…" stands for what was left out. */
function stands(title: string, source: string): boolean {
  const pattern = (part: string) =>
    new RegExp(
      part
        .split('…')
        .map((piece) => piece.trim().replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
        .join('.*'),
    )
  return pattern(title).test(source) || title.split('; ').every((part) => pattern(part).test(source))
}

test('every file and folder that docs/security.md names is there, and one alone is meant', () => {
  const named = lines.flatMap(({ text, section }) =>
    codes(text)
      .filter((code) => isFile(code) || isFolder(code))
      .map((name) => ({ name, section })),
  )
  const wrong = named.filter(({ name, section }) => found(name, section).length !== 1)
  expect(named.length).toBeGreaterThan(150)
  expect(
    wrong.map(
      ({ name, section }) => `${section}: ${name} is ${found(name, section).join(', ') || 'nowhere'}`,
    ),
  ).toEqual([])
})

test('every test that docs/security.md quotes is there, by its title', () => {
  const quotes = lines.flatMap(quoted)
  const missing = quotes.filter(({ file, section, title }) => {
    const [only] = found(file, section)
    return !only || title.length < 8 || !stands(title, readFileSync(path.join(root, only), 'utf8'))
  })
  expect(quotes.length).toBeGreaterThan(80)
  expect(missing.map(({ file, title }) => `${file} › ${title}`)).toEqual([])
})

test('every link of docs/security.md leads to a page, or to a heading of this one', () => {
  const headings = [...page.matchAll(/^## (.+)$/gm)].map(
    ([, text = '']) => `#${text.toLowerCase().replaceAll(' ', '-')}`,
  )
  const links = [...page.matchAll(/\]\(([^)]+)\)/g)].map(([, target = '']) => target)
  const broken = links.filter((target) => {
    if (target.startsWith('https:')) return false
    if (target.startsWith('#')) return !headings.includes(target)
    return !files.includes(path.join('docs', target.split('#')[0] ?? ''))
  })
  expect(links.length).toBeGreaterThan(10)
  expect(broken).toEqual([])
})
