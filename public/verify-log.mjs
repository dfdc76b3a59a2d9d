#!/usr/bin/env node
/**
 * Verifies an exported InfraSage log, or a proof, offline. One file that uses nothing but Node (20.12 or later) and none of
 * the server's code; read it, keep your own copy, and run it where you trust the machine.
 *
 *   node verify-log.mjs EXPORT.jsonl [--public-key KEY.pem]… [--checkpoint FILE-OR-FOLDER]… [--json]
 *   node verify-log.mjs --proof PROOF.json [--public-key KEY.pem]… [--checkpoint FILE-OR-FOLDER]… [--json]
 *
 * --public-key   who must have signed; without it the key inside the file is used, which shows consistency, not origin
 * --checkpoint   what you, or a witness, kept earlier: a checkpoint, lines of them, or a folder of such files
 *
 * Exit code 0: everything holds. 1: something does not; the first is named. 2: it was asked for wrongly.
 *
 * Checked of an export: the number, link and hash of each entry; that its text is canonical JSON (RFC 8785) and its columns
 * say what the text says; the Merkle tree (RFC 6962) over all entries; and each checkpoint's signature (Ed25519), last entry
 * and root. A checkpoint beyond the last entry shows a cut tail; one with another entry or root shows a rewrite.
 *
 *   entry's hash = SHA-256(previous hash "\n" number "\n" text), leaf = SHA-256(0x00 hash), node = SHA-256(0x01 left right)
 */
import * as crypto from 'node:crypto'
import { closeSync, openSync, readdirSync, readFileSync, readSync, realpathSync, statSync } from 'node:fs'
import path from 'node:path'
import { StringDecoder } from 'node:string_decoder'
import { pathToFileURL } from 'node:url'

/** What does not hold. `seq`: the entry, or null where it is none. */
class Broken extends Error {
  constructor(seq, problem) {
    super(problem)
    this.seq = seq
  }
}

const zeros = '0'.repeat(64)
const sha256 = (data) => crypto.hash('sha256', data, 'buffer')
const nodeOf = (left, right) => sha256(Buffer.concat([Buffer.from([1]), left, right]))
const leafOf = (entryHash) => sha256(Buffer.concat([Buffer.from([0]), Buffer.from(entryHash, 'hex')]))
const linkOf = (before, seq, text) => crypto.hash('sha256', `${before}\n${seq}\n${text}`)

// ── Canonical JSON (RFC 8785) ───────────────────────────────────────────────

const byCodeUnit = (a, b) => (a < b ? -1 : a > b ? 1 : 0)

function canonicalOf(value) {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonicalOf).join(',')}]`
  const keys = Object.keys(value).sort(byCodeUnit)
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalOf(value[key])}`).join(',')}}`
}

// ── Entries ─────────────────────────────────────────────────────────────────

const format = 'infrasage-audit/1'

/** What is wrong with one entry taken alone, in words; null if nothing is. */
function entryProblem(entry) {
  const { seq, canonical } = entry
  if (entry.hash !== linkOf(entry.prevHash, seq, canonical)) {
    return `entry ${seq} does not match its hash: its text or its hash was altered`
  }
  let written
  try {
    written = JSON.parse(canonical)
  } catch {
    return `entry ${seq} is not canonical JSON`
  }
  if (canonicalOf(written) !== canonical) return `entry ${seq} is not canonical JSON`
  if (written?.format !== format) return `entry ${seq} has the unknown format ${written?.format}`
  for (const column of ['at', 'stage', 'action', 'subject']) {
    if (written[column] === entry[column]) continue
    return `the column "${column}" of entry ${seq} says ${entry[column]}, its signed text ${written[column]}`
  }
  return null
}

/** The chain and the tree up to some entry; the whole subtrees along the tree's right edge stand for all before. */
class Log {
  size = 0
  head = zeros
  #edge = []

  add(entry) {
    const due = this.size + 1
    if (entry.seq !== due) {
      const problem =
        entry.seq > due
          ? `entry ${due} is missing; entry ${entry.seq} stands in its place`
          : `entry ${entry.seq} stands where entry ${due} belongs`
      throw new Broken(Math.min(entry.seq, due), problem)
    }
    if (entry.prevHash !== this.head) {
      const problem = `entry ${due} does not follow the entry before it: that one was altered, removed or moved`
      throw new Broken(due, problem)
    }
    const problem = entryProblem(entry)
    if (problem) throw new Broken(due, problem)
    let grown = { leaves: 1, hash: leafOf(entry.hash) }
    while (this.#edge.at(-1)?.leaves === grown.leaves) {
      grown = { leaves: grown.leaves * 2, hash: nodeOf(this.#edge.pop().hash, grown.hash) }
    }
    this.#edge.push(grown)
    this.size = due
    this.head = entry.hash
  }

  root() {
    const [last, ...before] = this.#edge.map(({ hash }) => hash).reverse()
    return last ? before.reduce((right, left) => nodeOf(left, right), last).toString('hex') : null
  }
}

// ── Checkpoints ─────────────────────────────────────────────────────────────

const keyIdOf = (key) =>
  sha256(key.export({ type: 'spki', format: 'der' }))
    .toString('hex')
    .slice(0, 16)

function requireSignature(checkpoint, keys) {
  const { size, headHash, rootHash, at, keyId, signature } = checkpoint
  const name = `the checkpoint of ${at} at entry ${size}`
  const key = keys.find((candidate) => keyIdOf(candidate) === keyId)
  if (!key) {
    const known = keys.map(keyIdOf).join(', ')
    throw new Broken(
      size,
      `${name} was signed by the key ${keyId}, which is not known here (known: ${known})`,
    )
  }
  // Checkpoints from before there were trees have no root, and sign none.
  const signed = canonicalOf({ size, headHash, ...(rootHash ? { rootHash } : {}), at, keyId })
  if (!crypto.verify(null, Buffer.from(signed), key, Buffer.from(signature, 'base64'))) {
    throw new Broken(size, `${name} carries a signature that does not hold`)
  }
}

function requireMatch(checkpoint, log) {
  const { size, headHash, rootHash, at } = checkpoint
  const whose = checkpoint.kept ? 'kept elsewhere' : `of ${at}`
  if (headHash !== log.head) {
    const problem = `entry ${size} is not the one that the checkpoint ${whose} vouches for: the log was rewritten`
    throw new Broken(size, problem)
  }
  if (rootHash && rootHash !== log.root()) {
    const problem = `the tree over the first ${size} entries has another root than the checkpoint ${whose} vouches for`
    throw new Broken(size, problem)
  }
}

const isCheckpoint = (value) =>
  Number.isSafeInteger(value?.size) &&
  value.size > 0 &&
  ['headHash', 'at', 'keyId', 'signature'].every((field) => typeof value[field] === 'string') &&
  (value.rootHash === undefined || value.rootHash === null || /^[0-9a-f]{64}$/.test(value.rootHash))

/**
 * Checkpoints from a file, as one JSON value, as a list of the API or as lines, or from all files of a folder. A file that holds
 * something else was given by mistake and says nothing about the log: an Error, and not Broken.
 */
export function readKept(place) {
  if (statSync(place).isDirectory()) {
    return readdirSync(place).flatMap((name) => readKept(path.join(place, name)))
  }
  return valuesOf(readFileSync(place, 'utf8'), place)
    .flatMap((value) => value?.data?.checkpoint ?? value?.checkpoint ?? value?.checkpoints ?? value)
    .map((checkpoint) => {
      if (isCheckpoint(checkpoint)) return checkpoint
      throw new Error(`${place} holds something that is no checkpoint. Nothing was verified.`)
    })
}

/** One JSON value, or one of each line. */
function valuesOf(text, place) {
  try {
    return [JSON.parse(text)].flat()
  } catch {
    const lines = text.split('\n').filter(Boolean)
    return lines.map((line, i) => {
      try {
        return JSON.parse(line)
      } catch {
        throw new Error(`${place}, line ${i + 1}, is no JSON. Nothing was verified.`)
      }
    })
  }
}

function parsed(text, problem) {
  try {
    return JSON.parse(text)
  } catch {
    throw new Broken(null, problem)
  }
}

// ── An export ───────────────────────────────────────────────────────────────

/** Lines of a file, read a piece at a time, so that its length does not matter. */
function* linesOf(file) {
  const handle = openSync(file, 'r')
  try {
    const buffer = Buffer.alloc(1 << 20)
    const decoder = new StringDecoder('utf8')
    let rest = ''
    for (let length = readSync(handle, buffer); length > 0; length = readSync(handle, buffer)) {
      const lines = (rest + decoder.write(buffer.subarray(0, length))).split('\n')
      rest = lines.pop()
      yield* lines
    }
    if (rest + decoder.end() !== '') yield rest
  } finally {
    closeSync(handle)
  }
}

const exportFormats = ['infrasage-audit-export/1', 'infrasage-audit-export/2']

function keyOf(pem, what) {
  try {
    const key = crypto.createPublicKey(pem)
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch {}
  throw new Broken(null, `${what} is no Ed25519 public key (PEM)`)
}

/**
 * Verifies an export. `publicKeys`: PEM texts, none: the key inside the file. `kept`: checkpoints kept elsewhere.
 * Never throws for what the file holds; returns what was found, with the first thing that does not hold in `broken`.
 */
export function verifyExport(file, { publicKeys = [], kept = [] } = {}) {
  const log = new Log()
  const count = { checkpoints: 0, kept: 0, sealed: 0 }
  const report = (broken) => ({
    ok: broken === null,
    entries: log.size,
    ...count,
    headHash: log.size ? log.head : null,
    rootHash: log.root(),
    broken,
  })
  try {
    walk(file, log, count, publicKeys, kept)
    return report(null)
  } catch (error) {
    if (!(error instanceof Broken)) throw error
    return report({ seq: error.seq, problem: error.message })
  }
}

function walk(file, log, count, publicKeys, kept) {
  const waiting = kept.map((each) => ({ ...each, kept: true })).sort((a, b) => a.size - b.size)
  let keys = []
  let number = 0
  let end = null
  let own = 0
  /** Holds what waits for this size against the log; those of before are late, or vouch for nothing that there is. */
  const settle = () => {
    while (waiting[0]?.size <= log.size) {
      const next = waiting.shift()
      requireSignature(next, keys)
      requireMatch(next, log)
      count[next.kept ? 'kept' : 'checkpoints'] += 1
      count.sealed = log.size
    }
  }
  for (const text of linesOf(file)) {
    number += 1
    const line = parsed(text, `line ${number} is not a line of an audit export`)
    if (number === 1) {
      if (line?.type !== 'header' || !exportFormats.includes(line.format)) {
        throw new Broken(null, 'line 1 should be the header of an audit export')
      }
      const pems = publicKeys.length ? publicKeys : [line.publicKey]
      keys = pems.map((pem) => keyOf(pem, 'what should sign the checkpoints'))
    } else if (end) {
      throw new Broken(null, `line ${number} comes after the end line`)
    } else if (line?.type === 'entry') {
      log.add(line)
      settle()
    } else if (line?.type === 'checkpoint' && isCheckpoint(line)) {
      own += 1
      if (line.size < log.size) throw new Broken(line.size, `line ${number} holds a checkpoint out of order`)
      const at = waiting.findLastIndex(({ size }) => size <= line.size) + 1
      waiting.splice(at, 0, { ...line, kept: false })
      settle()
    } else if (line?.type === 'end') {
      end = line
    } else {
      throw new Broken(null, `line ${number} is not a line of an audit export`)
    }
  }
  if (!end) throw new Broken(null, 'the export has no end line: it was cut short')
  for (const beyond of waiting) {
    requireSignature(beyond, keys)
    const whose = beyond.kept ? 'kept elsewhere' : `of ${beyond.at}`
    const problem = `the log ends at entry ${log.size}, but the checkpoint ${whose} vouches for ${beyond.size}: the tail was cut`
    throw new Broken(log.size + 1, problem)
  }
  if (end.entries !== log.size || end.checkpoints !== own || end.headHash !== log.head) {
    throw new Broken(null, 'the end line of the export does not match what is in it')
  }
}

// ── Proofs (RFC 9162, 2.1.3.2 and 2.1.4.2) ──────────────────────────────────

const half = (n) => Math.floor(n / 2)

/** Whether the path leads from the leaf to the root of `size` leaves. */
export function inclusionHolds(index, size, leaf, proof, root) {
  let [at, last, hash] = [index, size - 1, leaf]
  for (const step of proof) {
    if (last === 0) return false
    if (at % 2 === 1 || at === last) {
      hash = nodeOf(step, hash)
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)]
    } else hash = nodeOf(hash, step)
    ;[at, last] = [half(at), half(last)]
  }
  return last === 0 && hash.equals(root)
}

/** Whether the tree of `second` leaves begins with the tree of `first`. */
export function consistencyHolds(first, second, firstRoot, secondRoot, proof) {
  if (first === second) return proof.length === 0 && firstRoot.equals(secondRoot)
  const steps = Number.isInteger(Math.log2(first)) ? [firstRoot, ...proof] : [...proof]
  let [at, last] = [first - 1, second - 1]
  while (at % 2 === 1) [at, last] = [half(at), half(last)]
  const start = steps.shift()
  if (!start) return false
  let [one, two] = [start, start]
  for (const step of steps) {
    if (last === 0) return false
    if (at % 2 === 1 || at === last) {
      one = nodeOf(step, one)
      two = nodeOf(step, two)
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)]
    } else two = nodeOf(two, step)
    ;[at, last] = [half(at), half(last)]
  }
  return last === 0 && one.equals(firstRoot) && two.equals(secondRoot)
}

const bytesOf = (hex) => Buffer.from(hex, 'hex')

/** Verifies an inclusion or consistency proof; options and answer as of `verifyExport`. */
export function verifyProof(proof, { publicKeys = [], kept = [] } = {}) {
  try {
    const head = proof?.checkpoint ?? proof?.to
    const isProof = Array.isArray(proof?.path) && isCheckpoint(head) && typeof head.rootHash === 'string'
    if (!isProof) throw new Broken(null, 'this is no proof of an audit log')
    const keys = (publicKeys.length ? publicKeys : [proof.publicKey]).map((pem) => keyOf(pem, 'the key'))
    requireSignature(head, keys)
    for (const checkpoint of kept) requireSignature(checkpoint, keys)
    const steps = proof.path.map(bytesOf)
    const says =
      proof.format === 'infrasage-audit-inclusion/1'
        ? includes(proof, head, steps, kept)
        : proof.format === 'infrasage-audit-consistency/1'
          ? goesOn(proof, head, steps, kept)
          : null
    if (!says) throw new Broken(null, `the format ${proof.format} is not known here`)
    return { ok: true, says, broken: null }
  } catch (error) {
    if (!(error instanceof Broken)) throw error
    return { ok: false, says: null, broken: { seq: error.seq, problem: error.message } }
  }
}

function includes({ entry }, head, steps, kept) {
  const problem = entryProblem(entry)
  if (problem) throw new Broken(entry.seq, problem)
  if (!inclusionHolds(entry.seq - 1, head.size, leafOf(entry.hash), steps, bytesOf(head.rootHash))) {
    throw new Broken(entry.seq, `entry ${entry.seq} is not part of the tree that the checkpoint signs`)
  }
  requireKept(head.size, head.rootHash, kept)
  return `entry ${entry.seq} is part of the log that the checkpoint of ${head.at} signs (${head.size} entries)`
}

function goesOn({ from }, head, steps, kept) {
  const known = kept.length > 0 ? requireKept(from.size, from.rootHash, kept) : true
  if (!known) {
    const sizes = kept.map(({ size }) => size).join(', ')
    throw new Broken(
      null,
      `the proof begins at ${from.size}, and what you kept is of ${sizes}: ask for that one`,
    )
  }
  if (!consistencyHolds(from.size, head.size, bytesOf(from.rootHash), bytesOf(head.rootHash), steps)) {
    throw new Broken(from.size, `the log of ${head.size} entries does not begin with that of ${from.size}`)
  }
  return `the log of ${head.size} entries begins with the one of ${from.size}, unchanged`
}

/** Whether something that was kept has this size; throws if it has another root. */
function requireKept(size, rootHash, kept) {
  const same = kept.filter((checkpoint) => checkpoint.size === size && checkpoint.rootHash)
  if (same.some((checkpoint) => checkpoint.rootHash !== rootHash)) {
    throw new Broken(size, `the checkpoint kept elsewhere has another root at ${size}: the log was rewritten`)
  }
  return same.length > 0
}

// ── The command ─────────────────────────────────────────────────────────────

const usage =
  'usage: node verify-log.mjs EXPORT.jsonl | --proof PROOF.json [--public-key KEY.pem]… [--checkpoint FILE]… [--json]'

function readArguments(argv) {
  const asked = { file: null, proof: null, publicKeys: [], checkpoints: [], json: false }
  const given = [...argv]
  const value = () => given.shift() ?? fail()
  for (let next = given.shift(); next !== undefined; next = given.shift()) {
    if (next === '--public-key') asked.publicKeys.push(readFileSync(value(), 'utf8'))
    else if (next === '--checkpoint') asked.checkpoints.push(value())
    else if (next === '--proof') asked.proof = value()
    else if (next === '--json') asked.json = true
    else if (next.startsWith('--') || asked.file) fail()
    else asked.file = next
  }
  if (Boolean(asked.file) === Boolean(asked.proof)) fail()
  return asked
}

function fail(message = usage) {
  process.stderr.write(`${message}\n`)
  process.exit(2)
}

function words(report, publicKeys) {
  if (report.broken) {
    const where = report.broken.seq === null ? '' : ` at entry ${report.broken.seq}`
    return `BROKEN${where}: ${report.broken.problem}`
  }
  const lines = report.says
    ? [`OK: ${report.says}.`]
    : [
        `OK: ${report.entries} entries, every link holds; ${report.checkpoints} checkpoints, every signature holds.`,
        `${report.kept} kept elsewhere agree. The root of the tree is ${report.rootHash}.`,
      ]
  if (report.entries > report.sealed) {
    lines.push(
      `The last ${report.entries - report.sealed} are chained, but no checkpoint vouches for them yet.`,
    )
  }
  if (publicKeys.length === 0)
    lines.push('Checked with the key inside the file; --public-key checks who signed.')
  return lines.join('\n')
}

function main() {
  const { file, proof, publicKeys, checkpoints, json } = readArguments(process.argv.slice(2))
  let report
  try {
    const options = { publicKeys, kept: checkpoints.flatMap(readKept) }
    report = file
      ? verifyExport(file, options)
      : verifyProof(JSON.parse(readFileSync(proof, 'utf8')), options)
  } catch (error) {
    if (!(error instanceof Broken)) fail(error.message)
    report = { ok: false, broken: { seq: error.seq, problem: error.message } }
  }
  process.stdout.write(`${json ? JSON.stringify(report) : words(report, publicKeys)}\n`)
  process.exitCode = report.ok ? 0 : 1
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) main()
